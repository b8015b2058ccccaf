package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends a signal to a process that uses {@link ProcessSignals} and does not end by itself. */
final class ProcessSignalsIT {

    @TempDir
    private Path folder;

    /**
     * The program has two last actions, which run before an abrupt end. The second action blocks, as output to a
     * suspended terminal does. It must not keep the first action from its work.
     */
    @Test
    void sigterm_commandIgnoresTheInterrupt_runsTheFirstLastActionAndEnds() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        try {
            Waits.await("the start of the program", program, this::output).until(() -> output().contains("started"));
            // This sends SIGTERM.
            program.destroy();

            assertThat(program.waitFor(30, TimeUnit.SECONDS)).as(output()).isTrue();
            assertThat(program.exitValue()).as(output()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(output().lines()).containsSubsequence("started", "first");
        } finally {
            program.destroyForcibly();
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers two last actions, and then waits for ever, as a sweep does that waits before its first step. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            ProcessSignals signals = ProcessSignals.install();
            signals.beforeAbruptEnd(() -> print("first"));
            signals.beforeAbruptEnd(Program::waitForEver);
            print("started");
            waitForEver();
        }

        private static void print(String line) {
            System.out.println(line);
            System.out.flush();
        }

        /** Does not end if the thread is interrupted. */
        private static void waitForEver() {
            new Semaphore(0).acquireUninterruptibly();
        }
    }
}
