package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.BuildVersion;
import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysweepCommandTest {

    private final TestShell world = new TestShell();

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
                "instances add --help",
                "instances update --help",
                "instances test --help",
                "instances apply --help",
                "instances remove --help",
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
                "webhooks --help",
                "webhooks create --help",
                "projects --help",
                "projects rename --help",
                "access-keys --help",
                "access-keys create --help",
                "sweeps --help",
                "sweeps pause --help",
                "sweeps resume --help",
                "sweeps cancel --help",
                "sweeps tune --help",
                "hold --help",
                "release --help",
                "holds --help",
                "workers --help",
                "completion --help"
            })
    void help_everyCommand_listsExitCodesOnStandardOutput(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();

        assertThat(world.out())
                .contains("Usage: keysweep")
                .contains("Exit codes:")
                .contains("    6   timed out")
                .contains("  130   interrupted");
        assertThat(world.err()).isEmpty();
    }

    @Test
    void version_option_showsProgramAndVersion() {
        assertThat(run("--version")).isZero();

        assertThat(world.out()).startsWith("keysweep " + BuildVersion.current());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "instances", "scans"})
    void commandGroup_withoutSubcommand_showsUsageAsAnError(String arguments) {
        assertThat(arguments.isEmpty() ? run() : run(arguments)).isEqualTo(2);

        assertThat(world.out()).isEmpty();
        assertThat(world.err()).startsWith("Usage: keysweep");
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
                "sweep http://h",
                "sweep redis://h:port",
                "sweep redis://h/3",
                "sweep redis://h --password",
                "doctor",
                "doctor http://h",
                "estimate redis://h --nonsense",
                "estimate redis://h --password",
                "quickstart --keys 2",
                "quickstart --keys many",
                "quickstart --username me",
                "quickstart",
                "instances add one",
                "scans get"
            })
    void badInput_anywhere_isExitCodeTwoAndNoStackTrace(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertThat(world.out()).isEmpty();
        assertThat(world.err()).startsWith("keysweep: ").doesNotContain("\tat ");
    }

    @Test
    void badUri_withPassword_neverShowsIt() {
        assertThat(run("sweep", "redis://user:hunter2@h:port")).isEqualTo(2);

        assertThat(world.err()).doesNotContain("hunter2");
    }

    @Test
    void manual_command_writesAPageWithEveryCommand() {
        assertThat(run("manual")).isZero();

        assertThat(world.out())
                .startsWith(".TH KEYSWEEP 1 ")
                .contains(".SS keysweep doctor", ".SS keysweep instances add", ".B \\-\\-profile ")
                .doesNotContain("keysweep manual");
    }

    @Test
    void completion_command_writesAScript() {
        assertThat(run("completion")).isZero();

        assertThat(world.out()).contains("complete -F _complete_keysweep").contains("quickstart");
    }

    private int run(String... arguments) {
        return KeysweepCommand.run(world.context(), arguments);
    }
}
