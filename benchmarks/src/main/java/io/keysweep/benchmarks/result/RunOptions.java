package io.keysweep.benchmarks.result;

import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the command-line options that several benchmarks share. Picocli sets the fields. */
public final class RunOptions {

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "Version of the server: 7.0, 8.0, valkey-8 or valkey-9.")
    private @Nullable String version;

    @Option(names = "--value-size", paramLabel = "BYTES", description = "Bytes of each value (${DEFAULT-VALUE}).")
    private int valueSize = 20;

    @Option(names = "--output", paramLabel = "FOLDER", description = "Folder of the JSON file (${DEFAULT-VALUE}).")
    private Path output = Path.of("benchmarks", "results");

    /**
     * Returns the version of the server to start.
     *
     * @param fallback the version if the option is not given
     * @throws IllegalArgumentException if the version is unknown or older than 7.0
     */
    public RedisVersion version(RedisVersion fallback) {
        RedisVersion knownVersion = anyVersion(fallback);
        if (knownVersion.compareTo(RedisVersion.REDIS_7_0) < 0) {
            throw new IllegalArgumentException(
                    "--version is \"" + version
                            + "\", must be 7.0, 8.0, valkey-8 or valkey-9: older servers do not report percentiles of command times");
        }
        return knownVersion;
    }

    /**
     * Returns the version of the server to start, for a benchmark that needs no percentiles of command times.
     *
     * @param fallback the version if the option is not given
     * @throws IllegalArgumentException if the version is unknown
     */
    public RedisVersion anyVersion(RedisVersion fallback) {
        if (version == null) {
            return fallback;
        }
        RedisVersion knownVersion = RedisVersion.ofLabel(version);
        if (knownVersion == null) {
            throw new IllegalArgumentException("--version is \"" + version + "\", must be one of "
                    + Stream.of(RedisVersion.values()).map(RedisVersion::label).collect(Collectors.joining(", ")));
        }
        return knownVersion;
    }

    /** Returns the size of each value that the benchmark plants, in bytes. */
    public int valueSize() {
        return valueSize;
    }

    /** Returns the folder into which the result file is written. */
    public Path output() {
        return output;
    }
}
