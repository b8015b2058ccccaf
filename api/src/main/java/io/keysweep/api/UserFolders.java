package io.keysweep.api;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the user's folders by one rule that the service, the command line and the tests share.
 *
 * <p>The home folder is {@code HOME} if that variable is an absolute path, else the home folder of the account ({@code
 * user.home}). A blank variable is treated as not set. The scripts follow the same rule, see {@code dev/user-home}.
 */
public final class UserFolders {

    private UserFolders() {}

    /**
     * Returns the folder of the service's data and keys: {@code KEYSWEEP_HOME}, else {@code .keysweep} in the home
     * folder. The folder need not exist. A relative {@code KEYSWEEP_HOME} gives a relative path.
     *
     * @param environment the environment variables of the process
     * @throws IllegalStateException if {@code KEYSWEEP_HOME} is not set and there is no home folder: {@code HOME} is
     *     not an absolute path, and the account has no home folder
     */
    public static Path keysweepHome(Map<String, String> environment) {
        String keysweepHome = variable(environment, "KEYSWEEP_HOME");
        return keysweepHome != null ? Path.of(keysweepHome) : home(environment).resolve(".keysweep");
    }

    /**
     * Returns the folder that caches the servers of tests and demos: {@code KEYSWEEP_CACHE}, else {@code keysweep} in
     * {@code XDG_CACHE_HOME}, else {@code .cache/keysweep} in the home folder. A relative {@code XDG_CACHE_HOME} is
     * ignored, as the XDG Base Directory Specification demands.
     *
     * @param environment the environment variables of the process
     * @throws IllegalStateException if {@code KEYSWEEP_CACHE} is a relative path, or if neither variable names a folder
     *     and there is no home folder
     */
    public static Path cache(Map<String, String> environment) {
        String cache = variable(environment, "KEYSWEEP_CACHE");
        if (cache != null) {
            // Tests run in the folders of their modules, so a relative path would name several folders.
            if (!Path.of(cache).isAbsolute()) {
                throw new IllegalStateException("KEYSWEEP_CACHE is '" + cache + "', must be an absolute path");
            }
            return Path.of(cache);
        }
        String caches = variable(environment, "XDG_CACHE_HOME");
        return caches != null && Path.of(caches).isAbsolute()
                ? Path.of(caches, "keysweep")
                : home(environment).resolve(".cache").resolve("keysweep");
    }

    /** Returns the home folder, an absolute path; throws IllegalStateException if there is none. */
    private static Path home(Map<String, String> environment) {
        String home = variable(environment, "HOME");
        if (home != null && Path.of(home).isAbsolute()) {
            return Path.of(home);
        }
        // The JVM sets "?" for a user without an account.
        Path account = Path.of(System.getProperty("user.home", "?"));
        if (!account.isAbsolute()) {
            throw new IllegalStateException("No home folder: set HOME or KEYSWEEP_HOME to an absolute path");
        }
        return account;
    }

    private static @Nullable String variable(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }
}
