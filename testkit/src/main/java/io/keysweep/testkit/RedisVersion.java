package io.keysweep.testkit;

import io.keysweep.api.UserFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names the server versions that tests run against, the oldest first; {@code dev/redis-servers} installs them. */
public enum RedisVersion {
    /** The version that is too old for Keysweep; tests check that it is refused. */
    REDIS_2_8("2.8"),
    REDIS_6_0("6.0"),
    REDIS_6_2("6.2"),
    REDIS_7_0("7.0"),
    REDIS_8_0("8.0"),
    /**
     * The version that can be installed only while its publisher offers this build; tests leave it out if it is
     * missing.
     */
    REDIS_8_6("8.6"),
    VALKEY_8("valkey-8"),
    VALKEY_9("valkey-9");

    private final String label;

    RedisVersion(String label) {
        this.label = label;
    }

    /** Returns one version of each supported generation. Nearly all test suites run on these versions. */
    public static List<RedisVersion> supported() {
        return List.of(REDIS_6_0, REDIS_7_0, REDIS_8_0, VALKEY_8, VALKEY_9);
    }

    /**
     * Returns the {@linkplain #supported supported} versions and two more: Redis 6.2, and Redis 8.6 if it is installed.
     * These two hardly differ from their neighbours, so only a few fast suites run on them.
     */
    public static List<RedisVersion> all() {
        return Stream.of(REDIS_6_0, REDIS_6_2, REDIS_7_0, REDIS_8_0, REDIS_8_6, VALKEY_8, VALKEY_9)
                .filter(version -> version != REDIS_8_6 || version.installed())
                .toList();
    }

    /**
     * Returns the versions for a slow test: all versions in a full run ({@code dev/verify --full}), otherwise only the
     * given versions.
     *
     * @param quickVersions the versions for a run that is not full
     */
    public static List<RedisVersion> allInFullRun(RedisVersion... quickVersions) {
        return Boolean.getBoolean("keysweep.full") ? all() : List.of(quickVersions);
    }

    /**
     * Returns the versions for a slow test that behaves nearly the same on each version.
     *
     * @param baseVersions the versions for each run
     * @param addedVersions the versions that a full run ({@code dev/verify --full}) adds
     */
    public static List<RedisVersion> moreInFullRun(List<RedisVersion> baseVersions, RedisVersion... addedVersions) {
        return Boolean.getBoolean("keysweep.full")
                ? Stream.concat(baseVersions.stream(), Stream.of(addedVersions)).toList()
                : baseVersions;
    }

    /** Returns the short name, such as {@code valkey-9}, which is also the name of the folder with the programs. */
    public String label() {
        return label;
    }

    /** Returns whether the server is a Valkey. */
    public boolean isValkey() {
        return label.startsWith("valkey");
    }

    /**
     * Returns the program that starts the server.
     *
     * @throws IllegalStateException if the version is not installed; the message says how to install it
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
     * Returns the command line client that comes with the server; it is also called {@code redis-cli} for Valkey.
     *
     * @throws IllegalStateException if the version is not installed or has no client; the message says how to install
     *     it
     */
    public Path cliBinary() {
        Path binary = folder().resolve("redis-cli");
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException(
                    "No redis-cli " + label + " at " + binary + ": run ./dev/redis-servers install " + label);
        }
        return binary;
    }

    /** Returns the version with this label, or null if there is none. */
    public static @Nullable RedisVersion ofLabel(String label) {
        for (RedisVersion version : values()) {
            if (version.label.equals(label)) {
                return version;
            }
        }
        return null;
    }

    private boolean installed() {
        return Files.isExecutable(folder().resolve("redis-server"));
    }

    private Path folder() {
        return UserFolders.cache(System.getenv()).resolve("servers").resolve(label);
    }

    /** Returns whether the server allows the DEBUG command only with an option, as servers from 7.0 on do. */
    boolean requiresDebugOption() {
        // The constants are in order of age, and every Valkey is newer than Redis 7.0.
        return compareTo(REDIS_7_0) >= 0;
    }
}
