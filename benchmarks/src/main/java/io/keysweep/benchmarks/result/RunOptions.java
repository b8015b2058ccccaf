package io.keysweep.benchmarks.result;

import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every run takes. Filled by picocli. */
public final class RunOptions {

    @Option(names = "--version", paramLabel = "VERSION", description = "server: 7.0, 8.0, valkey-8 or valkey-9")
    private @Nullable String version;

    @Option(names = "--value-size", paramLabel = "BYTES", description = "bytes of each value (${DEFAULT-VALUE})")
    private int valueSize = 20;

    @Option(names = "--output", paramLabel = "FOLDER", description = "where the file of JSON goes (${DEFAULT-VALUE})")
    private Path output = Path.of("benchmarks", "results");

    /**
     * The server to start.
     *
     * @throws IllegalArgumentException if there is none of that name, or it keeps no percentiles of its commands
     */
    public RedisVersion version(RedisVersion fallback) {
        if (version == null) {
            return fallback;
        }
        RedisVersion known = RedisVersion.ofLabel(version);
        if (known == null || known.compareTo(RedisVersion.REDIS_7_0) < 0) {
            throw new IllegalArgumentException("--version is \"" + version
                    + "\", must be 7.0, 8.0, valkey-8 or valkey-9: older servers do not keep the times of commands");
        }
        return known;
    }

    /** Bytes of each value. */
    public int valueSize() {
        return valueSize;
    }

    /** Folder for the result. */
    public Path output() {
        return output;
    }
}
