package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that wrong arguments are described by name, value and rule, and that no password is shown. */
final class ArgumentProblemTest {

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sweap redis://h                     | there is no command 'sweap'
            instances fetch                     | there is no command 'instances fetch'
            nosuch --help                       | there is no command 'nosuch'
            scans nosuch --help                 | there is no command 'scans nosuch'
            -- scans list                       | the command 'scans' must stand before '--'
            sweep                               | URI is missing
            schedules set                       | INSTANCE is missing
            sweep redis://h more                | the argument 'more' is one too many
            sweep redis://h --profil full       | there is no option '--profil'
            sweep redis://h --key=secret-word   | there is no option '--key'
            sweep redis://h --timeout           | --timeout has no value, must be --timeout TIME
            sweep redis://h --timeout 5x        | --timeout is '5x', must be a duration such as 500ms, 30s, 1h30m, 2 days or PT1H30M
            sweep redis://h --timeout 0s        | --timeout is '0s', must be above 0, such as 30s
            sweep redis://h --max-replica-lag x | --max-replica-lag is 'x', must be a size such as 65536, 512kb, 64m or 64 MiB
            sweep redis://h --stall-budget x    | --stall-budget is 'x', must be a number
            sweep redis://h --parallel x        | --parallel is 'x', must be a whole number up to 2147483647
            sweep redis://h --max-rate 1.5      | --max-rate is '1.5', must be a whole number up to 9223372036854775807
            sweep redis://h --profile fast      | --profile is 'fast', must be gentle, balanced or full
            sweep redis://h --share 2           | --share is 2, must be above 0 and at most 1
            sweep redis://h --share NaN         | --share is 'NaN', must be a number
            sweeps pause x                      | PID is 'x', must be a whole number up to 9223372036854775807
            scans create i --timeout 500ms      | --timeout is '500ms', must be a whole number of seconds, such as 30s
            schedules set i --timeout PT0.5S    | --timeout is 'PT0.5S', must be a whole number of seconds, such as 30s
            schedules set i --every 1500ms      | --every is '1500ms', must be a whole number of seconds, such as 30s
            schedules set i --first-scan-at x   | --first-scan-at is 'x', must be a time such as 2027-01-31T12:00:00Z
            sweep redis://h --timeout 99999999h   | --timeout is '99999999h', must be at most 36500d
            instances list -o x                 | --output is 'x', must be table, wide, json, yaml, csv, name or id
            webhooks update w --enabled maybe   | --enabled is 'maybe', must be true or false
            """)
    void problem_ofWrongArgument_namesArgumentValueAndRule(String arguments, String problem) {
        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).startsWith("keysweep: " + problem + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            access-keys withdraw                       | AK is '', must be a text that is not empty
            approvals reject                           | REQUEST is '', must be a text that is not empty
            sweep                                      | URI is '', must be a text that is not empty
            sweep rediss://h --tls-ca                  | --tls-ca is '', must be the name of a file
            instances update i --tls-cert              | --tls-cert is '', must be the name of a file
            """)
    void problem_ofEmptyText_namesTheArgument(String arguments, String problem) {
        List<String> words = new ArrayList<>(List.of(arguments.split(" ")));
        words.add("");

        assertThat(KeysweepCommand.run(shell.context(), words.toArray(String[]::new)))
                .isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).startsWith("keysweep: " + problem + System.lineSeparator());
    }

    @Test
    void problem_ofSimilarName_alsoNamesTheHelp() {
        run("sweep redis://h --profil full");

        assertThat(shell.err()).contains("Did you mean --profile?", "Try 'keysweep sweep --help'.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            instances lst          | Did you mean list?
            instances tets         | Did you mean test?
            scan list              | Did you mean scans?
            sweap                  | Did you mean sweep?
            inst list              | Did you mean instances?
            scans list --staus x   | Did you mean --status?
            scans list --otput=csv | Did you mean --output?
            """)
    void problem_ofMistypedName_suggestsTheNearest(String arguments, String question) {
        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err().lines()).contains(question);
    }

    @ParameterizedTest
    @ValueSource(strings = {"instances xyz", "candidats", "scans --zzz"})
    void problem_ofDissimilarName_suggestsNothing(String arguments) {
        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).doesNotContain("Did you mean");
    }

    @ParameterizedTest
    @CsvSource({
        "sweap redis://me:secret-word@h",
        "sweep redis://h redis://me:secret-word@h",
        "sweep --timeout redis://me:secret-word@h",
        "redis://me:secret-word@h"
    })
    void problem_ofUriWithPassword_doesNotShowIt(String arguments) {
        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE.number());

        assertThat(shell.err()).startsWith("keysweep: ").doesNotContain("secret-word");
    }

    private int run(String arguments) {
        return KeysweepCommand.run(shell.context(), arguments.split(" "));
    }
}
