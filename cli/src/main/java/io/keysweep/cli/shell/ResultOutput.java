package io.keysweep.cli.shell;

import io.keysweep.engine.text.ForeignText;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the result of a command to standard output: as lines of text, or with {@code --json} as one JSON document.
 * Commands include it as a mixin, which defines {@code --json}.
 */
public final class ResultOutput {

    /**
     * Version of the JSON of {@code sweep}, {@code doctor} and {@code estimate}. It rises when a field is renamed,
     * removed or changes its meaning; a new field does not change it.
     */
    public static final int FORMAT_VERSION = 1;

    @Option(names = "--json", description = "write the result as JSON")
    private boolean json;

    /** Returns whether the user asked for JSON. */
    public boolean json() {
        return json;
    }

    /**
     * Writes a result as text or JSON.
     *
     * @param result a record, a list of records or a JSON tree; {@code --json} writes it unchanged
     * @param lines converts the result to lines of text
     */
    public <T> void write(CommandContext context, T result, Function<T, List<String>> lines) {
        write(context, () -> result, () -> lines.apply(result));
    }

    /** Writes a result that is one line of text, see {@link #write(CommandContext, Object, Function)}. */
    public <T> void writeLine(CommandContext context, T result, Function<T, String> line) {
        write(context, result, value -> List.of(line.apply(value)));
    }

    /** Writes a list: one line of text for each element, or with {@code --json} one array. */
    public <T> void writeEach(CommandContext context, List<T> results, Function<T, String> line) {
        write(context, results, elements -> elements.stream().map(line).toList());
    }

    /**
     * Writes a result whose JSON differs from the object from which the text is made. Only one of the suppliers is
     * called.
     *
     * @param document creates a record for {@code --json}, whose components become the fields of the document in their
     *     order
     * @param lines creates the lines of text; characters that control a terminal are escaped
     */
    public void write(CommandContext context, Supplier<?> document, Supplier<List<String>> lines) {
        if (json) {
            context.out().println(JsonMapper.builder().build().writeValueAsString(document.get()));
        } else {
            // Names, reasons and messages of servers must not control the terminal.
            lines.get().forEach(line -> context.out().println(ForeignText.line(line)));
        }
        context.out().flush();
    }
}
