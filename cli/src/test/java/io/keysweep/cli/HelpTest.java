package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.BuildVersion;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests the help, the version and the manual page of all commands. */
final class HelpTest {

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "sweep --help",
                "doctor --help",
                "estimate --help",
                "quickstart --help",
                "instances --help",
                "instances list --help",
                "instances get --help",
                "instances add --help",
                "instances update --help",
                "instances test --help",
                "instances apply --help",
                "instances remove --help",
                "instances forget-raised --help",
                "instances estimate --help",
                "scans --help",
                "scans create --help",
                "scans get --help",
                "scans list --help",
                "scans pause --help",
                "scans resume --help",
                "scans cancel --help",
                "scans tune --help",
                "schedules --help",
                "schedules set --help",
                "windows --help",
                "start-policies set --help",
                "budgets get --help",
                "ceilings --help",
                "ceilings set --help",
                "approvals --help",
                "approvals approve --help",
                "webhooks --help",
                "webhooks create --help",
                "projects --help",
                "projects rename --help",
                "access-keys --help",
                "access-keys create --help",
                "audit --help",
                "audit list --help",
                "audit export --help",
                "audit verify --help",
                "sweeps --help",
                "sweeps pause --help",
                "sweeps resume --help",
                "sweeps cancel --help",
                "sweeps tune --help",
                "hold --help",
                "release --help",
                "holds --help",
                "workers --help",
                "scans watch --help",
                "login --help",
                "context --help",
                "context use --help",
                "server --help",
                "help",
                "help scans create",
                "scans help",
                "scans help create",
                "sweeps help",
                "server help",
                "help --help",
                "completion --help"
            })
    void help_everyCommand_listsExitCodesOnStandardOutput(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();

        assertThat(shell.out())
                .contains("Usage: keysweep")
                .contains("Exit codes:")
                .contains("    6   timed out")
                .contains("  130   interrupted");
        assertThat(shell.err()).isEmpty();
    }

    /** A call creates only the command that it names. Its help must be the same as if there were all commands. */
    @Test
    void help_ofEachCommand_isTheSameWithoutTheOtherCommands() {
        CommandLine all = KeysweepCommand.commandLine(shell.context());
        assertThat(all.getSubcommands()).hasSizeGreaterThan(25).allSatisfy((name, command) -> {
            CommandLine.Command annotation =
                    command.getCommandSpec().userObject().getClass().getAnnotation(CommandLine.Command.class);
            // One class implements the commands of all policies, so its annotation has no name.
            if (annotation != null) {
                assertThat(annotation.name()).isEqualTo(name);
            }
            TestShell alone = new TestShell();
            TestShell together = new TestShell();

            assertThat(KeysweepCommand.run(alone.context(), name, "--help")).isZero();
            KeysweepCommand.commandLine(together.context()).execute(name, "--help");

            assertThat(alone.out()).as(name).isEqualTo(together.out()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 200})
    void help_ofEveryCommand_fitsTheColumns(int columns) {
        shell.with("COLUMNS", String.valueOf(columns));

        assertThat(everyCommand(KeysweepCommand.commandLine(shell.context()))
                        .peek(command -> command.usage(shell.context().out())))
                .hasSizeGreaterThan(60);

        assertThat(shell.out().lines()).allMatch(line -> line.length() <= columns);
    }

    @Test
    void help_optionWithABooleanValue_namesTheValue() {
        shell.with("COLUMNS", "40");

        assertThat(run("webhooks", "update", "--help")).isZero();

        assertThat(shell.out()).contains("  --enabled true|false").contains("  --json" + System.lineSeparator());
    }

    @Test
    void help_unknownCommand_isRefused() {
        assertThat(run("help", "scans", "creat")).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).contains("there is no command 'scans creat'");
        assertThat(run("scans", "help", "creat")).isEqualTo(ExitCode.USAGE.number());
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void help_ofTheService_hasNoOptionThatTheServiceLacks() {
        assertThat(run("server", "--help")).isZero();

        assertThat(shell.out()).contains("--port").doesNotContain("--debug");
    }

    @Test
    void help_onADumbTerminal_hasNoCodesOfColours() {
        CommandLine command =
                KeysweepCommand.commandLine(shell.with("TERM", "dumb").context());

        assertThat(command.getSubcommands().values())
                .allMatch(subcommand -> subcommand.getColorScheme().ansi() == CommandLine.Help.Ansi.OFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "scans create --version", "server --version", "help --version"})
    void version_ofAnyCommand_isTheVersionOfTheProgram(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();

        assertThat(shell.out()).startsWith("keysweep " + BuildVersion.current());
    }

    @Test
    void version_option_showsProgramAndVersion() {
        assertThat(run("--version")).isZero();

        assertThat(shell.out()).startsWith("keysweep " + BuildVersion.current());
    }

    @Test
    void manual_command_writesAPageWithEveryCommand() {
        assertThat(run("manual")).isZero();

        assertThat(shell.out())
                .startsWith(".TH KEYSWEEP 1 ")
                .contains(
                        ".SS keysweep doctor",
                        ".SS keysweep instances add",
                        ".B \\-\\-profile ",
                        ".B \\-\\-enabled true|false",
                        ".B \\(ti/.keysweep/contexts.yaml",
                        "the services of \\(aqkeysweep login\\(aq")
                .doesNotContain("keysweep manual");
    }

    private int run(String... arguments) {
        return KeysweepCommand.run(shell.context(), arguments);
    }

    /** Returns a command, followed by all its subcommands. */
    static Stream<CommandLine> everyCommand(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::everyCommand));
    }
}
