package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what all commands of the program share: their options, completion, and unexpected failures. */
final class KeysweepCommandTest {

    private final TestShell shell = new TestShell();

    /** A class can be missing after an upgrade of the package while the command runs. */
    @Test
    void run_classIsMissing_isReportedAsAFailure() {
        shell.withClock(() -> {
            throw new NoClassDefFoundError("io/keysweep/Gone");
        });

        assertThat(run(
                        "workers",
                        "--endpoint=http://127.0.0.1:1",
                        "--project-id=p",
                        "--access-key=ak",
                        "--secret-key=sk"))
                .isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.err())
                .startsWith("keysweep: failed unexpectedly: java.lang.NoClassDefFoundError: io/keysweep/Gone. Has its")
                .hasLineCount(1);
    }

    /**
     * No method is an option, because the order of methods differs between two runs of a JVM. Help and completion would
     * then differ, too.
     */
    @Test
    void options_ofAllCommands_areFields() {
        assertThat(HelpTest.everyCommand(KeysweepCommand.commandLine(shell.context()))
                        .flatMap(command -> command.getCommandSpec().args().stream()))
                .hasSizeGreaterThan(60)
                .noneMatch(argument -> argument.userObject() instanceof Method);
    }

    @Test
    void argument_withAnAtSign_isNotReplacedByAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("orders"), "--version");

        assertThat(run("@" + file)).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.out()).isEmpty();
    }

    @Test
    void candidates_withoutAPrefix_areAll(@TempDir Path folder) {
        shell.withHome(folder);

        assertThat(run("candidates", "CONTEXT", "")).isZero();

        assertThat(shell.out().lines()).containsExactly("local");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void completion_command_writesAScript() {
        assertThat(run("completion")).isZero();

        assertThat(shell.out()).contains("complete -F _keysweep keysweep").contains("quickstart");
    }

    private int run(String... arguments) {
        return KeysweepCommand.run(shell.context(), arguments);
    }
}
