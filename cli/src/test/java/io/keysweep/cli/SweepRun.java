package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Runs {@code keysweep sweep} in this process, through the whole command line. */
final class SweepRun {

    private final TestShell shell = new TestShell().withClock(InstantSource.system());

    /** Returns the shell that the command uses, which records what the command writes. */
    TestShell shell() {
        return shell;
    }

    /** Runs the command with these arguments and returns its exit code. */
    int run(String... arguments) {
        return KeysweepCommand.run(shell.context(), withSweep(arguments));
    }

    /** Checks that the command fails with this exit code, no result, and a message without a stack trace. */
    void assertRefused(ExitCode exitCode, String... arguments) {
        assertThat(run(arguments)).isEqualTo(exitCode.number());
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains("keysweep: ").doesNotContain("\tat ").doesNotContain("Exception");
    }

    private static String[] withSweep(String... arguments) {
        return Stream.concat(Stream.of("sweep"), Stream.of(arguments)).toArray(String[]::new);
    }
}
