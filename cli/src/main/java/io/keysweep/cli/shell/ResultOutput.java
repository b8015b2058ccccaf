package io.keysweep.cli.shell;

import io.keysweep.engine.topology.Deployment;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Writes the result of a command to standard output: as lines for people, or with {@code --json} as one document. */
public final class ResultOutput {

    @Option(names = "--json", description = "write the result as JSON")
    private boolean json;

    /** Returns whether the user asked for JSON. */
    public boolean json() {
        return json;
    }

    /**
     * Writes a result.
     *
     * @param result a record, a list of records or a JSON tree; with {@code --json} it is written as it is
     * @param lines makes the lines for people
     */
    public <T> void write(CommandContext context, T result, Function<T, List<String>> lines) {
        write(context, () -> result, () -> lines.apply(result));
    }

    /** Writes a result that is one line for people, see {@link #write(CommandContext, Object, Function)}. */
    public <T> void writeLine(CommandContext context, T result, Function<T, String> line) {
        write(context, result, shown -> List.of(line.apply(shown)));
    }

    /** Writes a list: one line for each element, or with {@code --json} an array. */
    public <T> void writeEach(CommandContext context, List<T> results, Function<T, String> line) {
        write(context, results, all -> all.stream().map(line).toList());
    }

    /**
     * Writes a result whose document differs from what the lines are made of. Only one of the suppliers is called.
     *
     * @param document makes a record, whose components become the document's fields in their order
     * @param lines makes the lines for people
     */
    public void write(CommandContext context, Supplier<?> document, Supplier<List<String>> lines) {
        if (json) {
            context.out().println(JsonMapper.builder().build().writeValueAsString(document.get()));
        } else {
            lines.get().forEach(context.out()::println);
        }
        context.out().flush();
    }

    /** Holds the results of the primaries of a cluster, as {@code --json} writes them. */
    private record OfPrimaries(List<? extends Record> primaries) {}

    /**
     * Writes the results of a deployment. Those of a cluster come one after the other, or in one document with the
     * field {@code primaries}; every other deployment has one result.
     *
     * @param results one for each primary
     * @param document makes the record of one result
     * @param lines makes the lines of one result
     */
    public <T> void writePrimaries(
            CommandContext context,
            Deployment deployment,
            List<T> results,
            Function<T, ? extends Record> document,
            Function<T, List<String>> lines) {
        if (deployment instanceof Deployment.Cluster) {
            write(
                    context,
                    () -> new OfPrimaries(results.stream().map(document).toList()),
                    () -> results.stream().map(lines).flatMap(List::stream).toList());
        } else {
            T only = results.getFirst();
            write(context, () -> document.apply(only), () -> lines.apply(only));
        }
    }
}
