package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how commands report wrong usage: before they call a server or a service, and without a stack trace. */
final class UsageErrorTest {

    private final TestShell shell = new TestShell();

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

    @ParameterizedTest
    @ValueSource(strings = {"workers -o csv --json", "audit list --json -o table"})
    void json_withAnotherFormat_isRefused(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).contains("and --json exclude each other: give only one of them");
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

    private int run(String... arguments) {
        return KeysweepCommand.run(shell.context(), arguments);
    }
}
