package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** How a command writes the answer of a service: lines for people, or with {@code --json} the answer itself. */
final class ServiceOutput {

    @Option(names = "--json", description = "write the answer as JSON")
    private boolean json;

    <T> void write(Shell shell, T answer, Function<T, List<String>> lines) {
        if (json) {
            shell.out().println(JsonMapper.builder().build().writeValueAsString(answer));
        } else {
            lines.apply(answer).forEach(shell.out()::println);
        }
    }

    <T> void writeAll(Shell shell, List<T> answers, Function<T, String> line) {
        write(shell, answers, all -> all.stream().map(line).toList());
    }
}
