package io.keysweep.cli.shell;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** How a command about one server writes its result: lines for people, or with {@code --json} one document. */
public final class ResultOutput {

    @Option(names = "--json", description = "write the result as one JSON document")
    private boolean json;

    /**
     * Writes the result to standard output.
     *
     * @param document a record, whose components become the document's fields in their order
     * @param lines the same for people
     */
    public void write(Shell shell, Supplier<? extends Record> document, Supplier<List<String>> lines) {
        if (json) {
            shell.out().println(JsonMapper.builder().build().writeValueAsString(document.get()));
        } else {
            lines.get().forEach(shell.out()::println);
        }
        shell.out().flush();
    }
}
