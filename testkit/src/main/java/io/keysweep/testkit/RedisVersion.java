package io.keysweep.testkit;

import io.keysweep.api.UserFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real servers that tests run against, as {@code dev/redis-servers} installs them. */
public enum RedisVersion {
    REDIS_2_8("2.8"),
    REDIS_6_0("6.0"),
    REDIS_7_0("7.0"),
    REDIS_8_0("8.0"),
    VALKEY_8("valkey-8"),
    VALKEY_9("valkey-9");

    private final String label;

    RedisVersion(String label) {
        this.label = label;
    }

    /** The versions that Keysweep sweeps. */
    public static List<RedisVersion> supported() {
        return List.of(REDIS_6_0, REDIS_7_0, REDIS_8_0, VALKEY_8, VALKEY_9);
    }

    /** Name of its folder in the cache. */
    public String label() {
        return label;
    }

    /** Whether it is a Valkey. */
    public boolean valkey() {
        return label.startsWith("valkey");
    }

    /**
     * The program that starts the server.
     *
     * @throws IllegalStateException if it is not installed; says how to install it
     */
    Path serverBinary() {
        Path binary = folder().resolve("redis-server");
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException("No server " + label + " at " + binary
                    + ": run ./dev/verify, or ./dev/redis-servers install " + label);
        }
        return binary;
    }

    /**
     * The command line client that comes with the server, called {@code redis-cli} for all of them.
     *
     * @throws IllegalStateException if it is not installed, or the version comes without one; says how to install it
     */
    public Path cliBinary() {
        Path binary = folder().resolve("redis-cli");
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException(
                    "No redis-cli " + label + " at " + binary + ": run ./dev/redis-servers install " + label);
        }
        return binary;
    }

    /** The version of this label, or null if there is none. */
    public static @Nullable RedisVersion ofLabel(String label) {
        for (RedisVersion version : values()) {
            if (version.label.equals(label)) {
                return version;
            }
        }
        return null;
    }

    private Path folder() {
        return UserFolders.cache(System.getenv()).resolve("servers").resolve(label);
    }

    /** From 7.0 on DEBUG has to be allowed when the server starts. */
    boolean guardsDebug() {
        return compareTo(REDIS_7_0) >= 0;
    }
}
