package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the options for the user and password of a Redis or Valkey server. Commands include it as a mixin, and the
 * command line sets the fields.
 */
public final class CredentialOptions {

    /** Environment variable for the password. Unlike an option, it does not show in the list of processes. */
    public static final String PASSWORD_VARIABLE = "KEYSWEEP_REDIS_PASSWORD";

    /** Stands for {@code --password} without a text or with an empty one: the command asks for the password. */
    private static final String ASK_FOR_PASSWORD = "";

    @Option(
            names = "--username",
            paramLabel = "USER",
            description = "ACL user; overrides the user in the URI. Default: the server's default user")
    private @Nullable String username;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            arity = "0..1",
            fallbackValue = ASK_FOR_PASSWORD,
            description =
                    "password; overrides the password in the URI. Without a value, as the last option: asks for the"
                            + " password. Other users of this machine may see it on the command line, so better set "
                            + PASSWORD_VARIABLE)
    private @Nullable String password;

    /** Returns whether the user has given one of the options; ignores the environment. */
    public boolean isGiven() {
        return username != null || password != null;
    }

    /** Returns the ACL user, or null if the option is not given. */
    public @Nullable String username() {
        return username;
    }

    /**
     * Returns the password if the option is given, otherwise null. Ignores the environment. May ask the user, see
     * {@link #password}.
     *
     * @throws CommandFailure if the option has no value and there is no terminal to ask on
     */
    public @Nullable String givenPassword(CommandContext context) {
        return password == null ? null : password(context);
    }

    /**
     * Returns the password from the option or, if the option is not given, from the environment. If the option has no
     * value, each call asks the user. Returns null if neither is set.
     *
     * @throws CommandFailure if the option has no value and there is no terminal to ask on
     */
    public @Nullable String password(CommandContext context) {
        if (password == null) {
            return context.variable(PASSWORD_VARIABLE);
        }
        if (!password.equals(ASK_FOR_PASSWORD)) {
            return password;
        }
        String answer = context.passwords().ask("Password: ");
        if (answer == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--password has no value, and there is no terminal to ask on: set " + PASSWORD_VARIABLE);
        }
        return answer;
    }
}
