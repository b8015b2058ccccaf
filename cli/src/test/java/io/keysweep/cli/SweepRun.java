package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Runs {@code keysweep sweep} in this process, through the whole command line. */
final class SweepRun {

    private final TestShell world = new TestShell().withClock(InstantSource.system());

    TestShell world() {
        return world;
    }

    /** Runs the command with these arguments and returns its exit code. */
    int run(String... arguments) {
        return KeysweepCommand.run(world.context(), withSweep(arguments));
    }

    /** Checks that the command fails with this exit code, no result, and a message without a stack trace. */
    void assertRefused(int exitCode, String... arguments) {
        assertThat(run(arguments)).isEqualTo(exitCode);
        assertThat(world.out()).isEmpty();
        assertThat(world.err()).contains("keysweep: ").doesNotContain("\tat ").doesNotContain("Exception");
    }

    private static String[] withSweep(String... arguments) {
        return Stream.concat(Stream.of("sweep"), Stream.of(arguments)).toArray(String[]::new);
    }
}
