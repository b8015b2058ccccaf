package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.Interruption;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs short programs for the quickstart, for example {@code redis-server --version}, and stops them if the user
 * interrupts the command. Each call waits until the program has ended. The programs get the environment of the command,
 * and no input.
 */
final class ExternalPrograms {

    private static final File NO_INPUT = new File("/dev/null");

    private final CommandContext context;

    ExternalPrograms(CommandContext context) {
        this.context = context;
    }

    /**
     * Runs a program and returns its standard output, each line with a line end. Returns an empty optional if the
     * program cannot be started or does not exit with 0. Its standard error is discarded.
     */
    Optional<String> output(List<String> command) throws InterruptedException {
        try {
            Process process = builder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Interruption.Registration registration = context.interruption().onInterrupt(process::destroy);
            try (BufferedReader reader = process.inputReader()) {
                StringBuilder output = new StringBuilder();
                reader.lines().forEach(line -> output.append(line).append('\n'));
                return process.waitFor() == 0 ? Optional.of(output.toString()) : Optional.empty();
            } finally {
                registration.withdraw();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Runs a program and returns whether it exited with 0. Its output goes to the standard error of the command,
     * because standard output is for the result. If the program cannot be started, a message says why, and false is
     * returned.
     */
    boolean run(List<String> command) throws InterruptedException {
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            Interruption.Registration registration = context.interruption().onInterrupt(process::destroy);
            try (BufferedReader reader = process.inputReader()) {
                reader.lines().forEach(context.err()::println);
                return process.waitFor() == 0;
            } finally {
                registration.withdraw();
            }
        } catch (IOException e) {
            context.err().println("keysweep: cannot run " + command.getFirst() + ": " + e.getMessage());
            return false;
        }
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(NO_INPUT));
        // Tests pass an environment of their own, which must not be mixed with the environment of this process.
        builder.environment().clear();
        builder.environment().putAll(context.environment());
        return builder;
    }
}
