package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests where a command takes the Redis password from: option, terminal or environment. */
final class CredentialOptionsTest {

    private final TestShell world = new TestShell();

    @Test
    void password_fromOption_overridesTheEnvironment() {
        world.with(CredentialOptions.PASSWORD_VARIABLE, "from the environment");

        assertThat(options("--password=from the option").password(world.context()))
                .isEqualTo("from the option");
        assertThat(options().password(world.context())).isEqualTo("from the environment");
        assertThat(world.questions()).isEmpty();
    }

    @Test
    void password_optionWithoutValue_isAskedFor() {
        world.withTypedPassword("typed");

        assertThat(options("--password").password(world.context())).isEqualTo("typed");
        assertThat(world.questions()).containsExactly("Password: ");
    }

    @Test
    void password_noTerminalToAskOn_isAUsageError() {
        CredentialOptions options = options("--password");

        assertThatThrownBy(() -> options.password(world.context()))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(CredentialOptions.PASSWORD_VARIABLE);
    }

    @Test
    void password_notGiven_isNone() {
        assertThat(options().password(world.context())).isNull();
    }

    private static CredentialOptions options(String... arguments) {
        return CommandLine.populateCommand(new CredentialOptions(), arguments);
    }
}
