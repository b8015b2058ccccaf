package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests where a command takes the Redis password from: option, terminal or environment. */
final class CredentialOptionsTest {

    private final TestShell shell = new TestShell();

    @Test
    void password_fromOption_overridesTheEnvironment() {
        shell.with(CredentialOptions.PASSWORD_VARIABLE, "from the environment");

        assertThat(options("--password=from the option").password(shell.context()))
                .isEqualTo("from the option");
        assertThat(options().password(shell.context())).isEqualTo("from the environment");
        assertThat(shell.questions()).isEmpty();
    }

    @Test
    void password_optionWithoutValue_isAskedFor() {
        shell.withTypedPassword("typed");

        assertThat(options("--password").password(shell.context())).isEqualTo("typed");
        assertThat(shell.questions()).containsExactly("Password: ");
    }

    @Test
    void password_noTerminalToAskOn_isAUsageError() {
        CredentialOptions options = options("--password");

        assertThatThrownBy(() -> options.password(shell.context()))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(CredentialOptions.PASSWORD_VARIABLE);
    }

    @Test
    void password_notGiven_isNone() {
        assertThat(options().password(shell.context())).isNull();
    }

    private static CredentialOptions options(String... arguments) {
        return CommandLine.populateCommand(new CredentialOptions(), arguments);
    }
}
