package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Completes command lines of {@code keysweep} in a real bash that has loaded the completion script. */
final class BashCompletion {

    private final Path script;
    private final Path program;
    private final Path keysweepHome;

    private BashCompletion(Path script, Path program, Path keysweepHome) {
        this.script = script;
        this.program = program;
        this.keysweepHome = keysweepHome;
    }

    /**
     * Writes the completion script and a program.
     *
     * @param folder folder for both files
     * @param keysweepHome home folder of the program, where it finds the files of a service
     * @param commands lines of bash that the program runs, for candidates that are not part of the script
     */
    static BashCompletion create(Path folder, Path keysweepHome, String commands) throws IOException {
        TestShell shell = new TestShell();
        assertThat(KeysweepCommand.run(shell.context(), "completion", "bash")).isEqualTo(ExitCode.DONE.number());
        Path script = Files.writeString(folder.resolve("completion"), shell.out());
        Path program = Files.writeString(folder.resolve("keysweep"), "#!/bin/bash\n" + commands + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new BashCompletion(script, program, keysweepHome);
    }

    /** Returns the words that bash offers for the last one of these, which follow {@code keysweep}. */
    List<String> candidates(String... words) throws IOException, InterruptedException {
        return run(bash(words)).lines().toList();
    }

    /** Returns the words that bash offers if it has another variable in its environment. */
    List<String> candidatesWith(String variable, String value, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder bash = bash(words);
        bash.environment().put(variable, value);
        return run(bash.redirectErrorStream(true)).lines().toList();
    }

    /** Returns the file whose name a command line has in place of {@code keysweep}. */
    Path program() {
        return program;
    }

    /** Returns a bash that loads the completion script, completes the last word, and prints the candidates. */
    private ProcessBuilder bash(String... words) {
        String line = "source '" + script + "'; COMP_WORDS=('" + program + "' '" + String.join("' '", words)
                + "'); COMP_CWORD=" + words.length
                + "; _keysweep; for word in \"${COMPREPLY[@]}\"; do echo \"$word\"; done";
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", line);
        builder.environment().put("KEYSWEEP_HOME", keysweepHome.toString());
        return builder;
    }

    private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
