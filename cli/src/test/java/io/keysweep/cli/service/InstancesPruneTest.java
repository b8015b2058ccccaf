package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that {@code instances apply --prune} asks before it removes instances. */
final class InstancesPruneTest {

    private static final String JSON = "application/json";
    private static final String DRY_RUN_PATH = "/api/v1/instances/apply?dryRun=true&prune=true";
    private static final String PATH = "/api/v1/instances/apply?dryRun=false&prune=true";

    private static final String REMOVALS =
            "{\"dryRun\":true,\"changes\":[{\"name\":\"a\",\"id\":\"1\",\"action\":\"unchanged\",\"fields\":[]},"
                    + "{\"name\":\"orders\",\"id\":\"2\",\"action\":\"removed\",\"fields\":[]},"
                    + "{\"name\":\"y\",\"id\":\"3\",\"action\":\"removed\",\"fields\":[]}]}";

    private static final String NO_REMOVAL =
            "{\"dryRun\":true,\"changes\":[{\"name\":\"a\",\"id\":\"1\",\"action\":\"unchanged\",\"fields\":[]}]}";

    private final TestShell shell = new TestShell();

    @TempDir
    private Path folder;

    @Test
    void prune_withoutATerminal_removesNothing() throws IOException {
        try (StubService service = StubService.answering(200, JSON, REMOVALS)) {
            assertThat(apply(service, "--prune")).isEqualTo(ExitCode.USAGE.number());
            assertThat(service.onlyRequest().path()).isEqualTo(DRY_RUN_PATH);
        }
    }

    @Test
    void prune_confirmed_namesTheInstancesAndRemovesThem() throws IOException {
        shell.withTypedLine("y");
        try (StubService service = StubService.answering(200, JSON, REMOVALS)) {
            assertThat(apply(service, "--prune")).isZero();
            assertThat(shell.questions())
                    .containsExactly("Remove 2 instances (orders, y) and the record of their scans? [y/N] ");
            assertThat(service.requests()).last().extracting("path").isEqualTo(PATH);
        }
    }

    @Test
    void prune_withYes_asksNothing() throws IOException {
        try (StubService service = StubService.answering(200, JSON, REMOVALS)) {
            assertThat(apply(service, "--prune", "--yes")).isZero();
            assertThat(service.onlyRequest().path()).isEqualTo(PATH);
        }
    }

    @Test
    void prune_nothingToRemove_asksNothing() throws IOException {
        try (StubService service = StubService.answering(200, JSON, NO_REMOVAL)) {
            assertThat(apply(service, "--prune")).isZero();
            assertThat(shell.questions()).isEmpty();
            assertThat(service.requests()).last().extracting("path").isEqualTo(PATH);
        }
    }

    private int apply(StubService service, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("fleet.yaml"), "instances: [{name: a, uri: 'redis://h:1'}]\n");
        return InstancesCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler((failure, command, parsed) ->
                        ((CommandFailure) failure).exitCode().number())
                .execute(service.arguments(Stream.concat(Stream.of("apply", file.toString()), Stream.of(options))
                        .toArray(String[]::new)));
    }
}
