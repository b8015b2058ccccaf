package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.BuildVersion;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests the help and the version of all commands, and how they report wrong usage. */
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

    /**
     * No method is an option, because the order of methods differs between two runs of a JVM. Help and completion would
     * then differ, too.
     */
    @Test
    void options_ofAllCommands_areFields() {
        assertThat(everyCommand(KeysweepCommand.commandLine(shell.context()))
                        .flatMap(command -> command.getCommandSpec().args().stream()))
                .hasSizeGreaterThan(60)
                .noneMatch(argument -> argument.userObject() instanceof Method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"workers -o csv --json", "audit list --json -o table"})
    void json_withAnotherFormat_isRefused(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).contains("and --json exclude each other: give only one of them");
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

    @ParameterizedTest
    @ValueSource(strings = {"", "instances", "scans"})
    void commandGroup_withoutSubcommand_showsUsageAsAnError(String arguments) {
        assertThat(arguments.isEmpty() ? run() : run(arguments)).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).startsWith("Usage: keysweep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "swep",
                "sweep",
                "sweep redis://h --nonsense",
                "sweep redis://h --profile fast",
                "sweep redis://h --share half",
                "sweep redis://h --share 0",
                "sweep redis://h --share 1.1",
                "sweep redis://h --stall-budget 0",
                "sweep redis://h --stall-budget 1e30",
                "sweep redis://h --max-rate 0",
                "sweep redis://h --max-latency 5",
                "sweep redis://h --max-latency 0ms",
                "sweep redis://h --max-replica-lag 64xb",
                "sweep redis://h --max-evictions 0",
                "sweep redis://h --timeout 5",
                "sweep redis://h --patience -1s",
                "sweep redis://h --assist-only --purge",
                "sweep redis://h --assist-only --max-rate 100",
                "sweep redis://h --assist-only --stall-budget 1",
                "sweep http://h",
                "sweep redis://h:port",
                "sweep redis://h/3",
                "sweep redis://h --password",
                "doctor",
                "doctor http://h",
                "estimate redis://h --nonsense",
                "estimate redis://h --password",
                "estimate redis://h --forecast 2h",
                "estimate redis://h --step 5m",
                "estimate redis://h --ttl --separator /",
                "estimate redis://h --ttl --top 3",
                "scans create i --quiet --endpoint http://h --project-id p --access-key a --secret-key s",
                "quickstart --keys 2",
                "quickstart --keys many",
                "quickstart --username me",
                "quickstart",
                "instances add one",
                "scans get"
            })
    void badInput_anywhere_isAUsageErrorWithoutStackTrace(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).startsWith("keysweep: ").doesNotContain("\tat ");
    }

    @Test
    void option_withoutTheOptionThatItDependsOn_isRefused() {
        assertThat(run("estimate", "redis://h", "--depth", "2")).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err())
                .isEqualToIgnoringNewLines("keysweep: --depth is given without --prefixes and would have no effect:"
                        + " give --prefixes too, or leave it out");
    }

    @Test
    void help_onADumbTerminal_hasNoCodesOfColours() {
        CommandLine command =
                KeysweepCommand.commandLine(shell.with("TERM", "dumb").context());

        assertThat(command.getSubcommands().values())
                .allMatch(subcommand -> subcommand.getColorScheme().ansi() == CommandLine.Help.Ansi.OFF);
    }

    @Test
    void sweep_withAssistAndAssistOnly_isRefused() {
        assertThat(run("sweep", "redis://h", "--assist", "--assist-only")).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err())
                .startsWith("keysweep: --assist and --assist-only exclude each other: give only one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"})
    void accessKeysCreate_endNotInTheFuture_isRefusedBeforeTheServiceIsCalled(String end) {
        assertThat(run(
                        "access-keys",
                        "create",
                        "--policy=viewer",
                        "--expires-at=" + end,
                        "--endpoint=http://127.0.0.1:1",
                        "--project-id=p",
                        "--access-key=AK",
                        "--secret-key=SK"))
                .isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).startsWith("keysweep: --expires-at is '" + end + "', must be a time in the future");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access-keys create --policy=viewer",
                "access-keys update AK2",
                "users create ann --policy=viewer",
                "users update ann"
            })
    void rights_onInstancesByNameAndByTag_areRefusedBeforeTheServiceIsCalled(String command) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--instance=orders", "--tag=env=prod", "--endpoint=http://127.0.0.1:1"));
        arguments.addAll(List.of("--project-id=p", "--access-key=AK", "--secret-key=SK"));

        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).startsWith("keysweep: --instance and --tag exclude each other: give only one of them");
    }

    @Test
    void badUri_withPassword_neverShowsIt() {
        assertThat(run("sweep", "redis://user:hunter2@h:port")).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).doesNotContain("hunter2");
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

    @Test
    void completion_command_writesAScript() {
        assertThat(run("completion")).isZero();

        assertThat(shell.out()).contains("complete -F _keysweep keysweep").contains("quickstart");
    }

    private int run(String... arguments) {
        return KeysweepCommand.run(shell.context(), arguments);
    }

    private static Stream<CommandLine> everyCommand(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(KeysweepCommandTest::everyCommand));
    }
}
