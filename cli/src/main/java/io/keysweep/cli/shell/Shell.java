package io.keysweep.cli.shell;

import io.keysweep.api.UserFolders;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command sees of the world around it.
 *
 * @param in what is piped in; read by who asks for it
 * @param out results, and nothing else
 * @param err progress and complaints
 * @param errIsTerminal whether a person watches {@code err}, so that a line may be drawn over
 * @param environment environment variables
 * @param clock what time it is
 * @param passwords asks the user
 * @param interruption tells when to end early
 */
public record Shell(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean errIsTerminal,
        Map<String, String> environment,
        InstantSource clock,
        PasswordPrompt passwords,
        Interruption interruption) {

    public Shell {
        environment = Map.copyOf(environment);
    }

    /** An environment variable; null if it is not set or blank. */
    public @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    /** Returns the folder of the service's files: {@code KEYSWEEP_HOME}, else {@code ~/.keysweep}. */
    public Path keysweepHome() {
        return UserFolders.keysweepHome(environment);
    }

    /** Never shows the environment, which may hold passwords. */
    @Override
    public String toString() {
        return "Shell[errIsTerminal=" + errIsTerminal + "]";
    }
}
