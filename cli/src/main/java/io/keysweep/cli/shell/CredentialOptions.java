package io.keysweep.cli.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** User and password for a Redis or Valkey server. */
public final class CredentialOptions {

    /** Environment variable that keeps the password out of the list of processes. */
    public static final String PASSWORD_VARIABLE = "KEYSWEEP_REDIS_PASSWORD";

    private static final String ASK = "";

    @Option(
            names = "--username",
            paramLabel = "USER",
            description = "ACL user; overrides the one in the URI. Default: the default user")
    private @Nullable String username;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            arity = "0..1",
            fallbackValue = ASK,
            description = "password; overrides the one in the URI. Without a value (last on the line): asks for it. "
                    + "Others on this machine may see it on the command line, so better set " + PASSWORD_VARIABLE)
    private @Nullable String password;

    /** The ACL user, or null. */
    public @Nullable String username() {
        return username;
    }

    /** The same only if the option asks for it; null if it does not, whatever the environment says. */
    public @Nullable String givenPassword(Shell shell) {
        return password == null ? null : password(shell);
    }

    /** The password from the option, the user or the environment, or null where there is none. */
    public @Nullable String password(Shell shell) {
        if (password == null) {
            return shell.variable(PASSWORD_VARIABLE);
        }
        if (!password.equals(ASK)) {
            return password;
        }
        String answer = shell.passwords().ask("Password: ");
        if (answer == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--password has no value, and there is no terminal to ask on: set " + PASSWORD_VARIABLE);
        }
        return answer;
    }
}
