package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs commands as processes that get signals, lose their readers, or have no home folder. */
final class CommandProcessIT {

    private static final String CTRL_C = "\u0003";

    /**
     * The longest time in seconds that a command may take to end. These commands do not run a sweep, for whose end a
     * command may wait a minute.
     */
    private static final int SECONDS_TO_END = 30;

    @TempDir
    private Path folder;

    @Test
    void ctrlC_atAQuestion_endsTheCommand() throws Exception {
        String login = "exec '" + String.join("' '", CommandLineJvm.command()) + "' login http://127.0.0.1:1";
        // The program script gives the command a terminal. The program env switches Ctrl-C on, because a test run in
        // the background may ignore Ctrl-C, and its children would, too.
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qefc", "env --default-signal=INT sh -c \"" + login + "\"", "/dev/null");
        builder.environment().put("KEYSWEEP_HOME", folder.resolve("home").toString());
        Process terminal = start(builder.redirectErrorStream(true), Map.of());
        try {
            Waits.await("the question", terminal, this::output).until(() -> output().contains("Project id:"));
            terminal.getOutputStream().write(CTRL_C.getBytes(StandardCharsets.US_ASCII));
            terminal.getOutputStream().flush();

            assertThat(exitCode(terminal)).isEqualTo(ExitCode.INTERRUPTED.number());
        } finally {
            terminal.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"instances list", "scans watch 0c4f2d3e-0000-4000-8000-000000000000"})
    void sigterm_whileTheServiceDoesNotAnswer_endsTheCommand(String arguments) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process command = start(
                    new ProcessBuilder(CommandLineJvm.command(List.of(), List.of(arguments.split(" ")))),
                    Map.of(
                            "KEYSWEEP_ENDPOINT",
                            "http://127.0.0.1:" + silent.getLocalPort(),
                            "KEYSWEEP_PROJECT_ID",
                            "p",
                            "KEYSWEEP_ACCESS_KEY",
                            "ak",
                            "KEYSWEEP_SECRET_KEY",
                            "sk"));
            try (Socket connection = silent.accept()) {
                assertThat(connection.getInputStream().read()).isPositive();

                command.destroy();

                assertThat(exitCode(command)).isEqualTo(ExitCode.INTERRUPTED.number());
            } finally {
                command.destroyForcibly();
            }
        }
        assertThat(output())
                .startsWith("keysweep: ")
                .containsAnyOf("interrupted", "no longer watching")
                .doesNotContain("unexpectedly");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void manual_readerClosesThePipe_succeedsSilentlyInAnyLanguage(String locale) throws Exception {
        Process shell = start(
                new ProcessBuilder(
                        "bash",
                        "-c",
                        "'" + String.join("' '", CommandLineJvm.command()) + "' manual | true; exit ${PIPESTATUS[0]}"),
                // The message of a closed pipe depends on the language of the C library. LANGUAGE=de makes it German
                // ("Datenübergabe unterbrochen") if the locale allows that.
                Map.of("LC_ALL", locale, "LANGUAGE", "de"));

        assertThat(exitCode(shell)).isZero();
        assertThat(output()).isEmpty();
    }

    @Test
    void sweep_noHomeFolder_triesToConnect() throws Exception {
        assertThat(exitCode(withoutHome(Map.of(), "sweep", "redis://127.0.0.1:1")))
                .as(output())
                .isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(output())
                .contains("'keysweep sweeps' cannot show or control this sweep: No home folder")
                .doesNotContain("unexpectedly");
    }

    @Test
    void instances_noHomeFolder_failsOnlyIfEndpointOrKeyIsMissing() throws Exception {
        assertThat(exitCode(withoutHome(Map.of(), "instances", "list"))).isEqualTo(ExitCode.USAGE.number());
        assertThat(output()).startsWith("keysweep: No home folder: set HOME or KEYSWEEP_HOME to an absolute path");

        Map<String, String> access = Map.of(
                "KEYSWEEP_ENDPOINT",
                "http://127.0.0.1:1",
                "KEYSWEEP_PROJECT_ID",
                "p",
                "KEYSWEEP_ACCESS_KEY",
                "ak",
                "KEYSWEEP_SECRET_KEY",
                "sk");
        assertThat(exitCode(withoutHome(access, "instances", "list"))).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(output()).contains("nothing listens there");
    }

    /** Starts a command as a user who has neither an account nor the variable HOME. */
    private Process withoutHome(Map<String, String> variables, String... arguments) throws IOException {
        return start(
                // Java sets user.home to "?" for a user without an account.
                new ProcessBuilder(CommandLineJvm.command(List.of("-Duser.home=?"), List.of(arguments))), variables);
    }

    /** Starts a process without the variables of the person who runs the tests. */
    private Process start(ProcessBuilder builder, Map<String, String> variables) throws IOException {
        Map<String, String> environment = builder.environment();
        String home = environment.get("KEYSWEEP_HOME");
        environment
                .keySet()
                .removeIf(name -> name.startsWith("KEYSWEEP_") || name.startsWith("XDG_") || name.equals("HOME"));
        if (home != null) {
            environment.put("KEYSWEEP_HOME", home);
        }
        environment.putAll(variables);
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS))
                .as("ends in time: " + output())
                .isTrue();
        return process.exitValue();
    }
}
