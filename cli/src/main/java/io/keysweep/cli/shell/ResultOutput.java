package io.keysweep.cli.shell;

import io.keysweep.engine.topology.Deployment;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** How a command writes its result: lines for people, or with {@code --json} one document. */
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

    /** Results of the primaries of a cluster as one document. */
    private record OfPrimaries(List<? extends Record> primaries) {}

    /**
     * Writes a result a primary: of a cluster all of them, one after the other or in one document, else the only one.
     *
     * @param document a result's record
     * @param lines the same for people
     */
    public <T> void write(
            Shell shell,
            Deployment deployment,
            List<T> results,
            Function<T, ? extends Record> document,
            Function<T, List<String>> lines) {
        if (deployment instanceof Deployment.Cluster) {
            write(
                    shell,
                    () -> new OfPrimaries(results.stream().map(document).toList()),
                    () -> results.stream().map(lines).flatMap(List::stream).toList());
        } else {
            T only = results.getFirst();
            write(shell, () -> document.apply(only), () -> lines.apply(only));
        }
    }
}
