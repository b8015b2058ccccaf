package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that {@code access-keys --as} refuses options that do not belong together, before it calls a service. */
final class AccessKeysAsUserTest {

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --as=alice --access-key=AK      | --as and --access-key exclude each other
            --as=alice --secret-key=SK      | --as and --secret-key exclude each other
            --as=alice --project-id=p       | --as and --project-id exclude each other
            --as=                           | --as is '', must be your name as a user
            --password-file=-               | --password-file is given without --as
            --as=alice                      | there is no terminal to ask for the password on: give --password-file
            --as=alice --password-file=     | file '' must be the name of a file
            --as=alice --password-file=/no  | file '/no' does not exist
            """)
    void asUser_withOptionsThatDoNotFit_isRefused(String options, String problem) {
        List<String> arguments = new ArrayList<>(List.of("access-keys", "list", "--endpoint=http://127.0.0.1:1"));
        arguments.addAll(List.of(options.split(" ")));

        assertThat(KeysweepCommand.run(shell.context(), arguments.toArray(String[]::new)))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(shell.err()).startsWith("keysweep: " + problem);
    }
}
