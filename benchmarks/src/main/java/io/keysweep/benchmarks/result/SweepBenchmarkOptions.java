package io.keysweep.benchmarks.result;

import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Declares the command-line options of the benchmarks that sweep one server several times. Picocli sets the fields.
 *
 * <p>Each benchmark passes its own defaults to the constructor, and calls {@link #check} before it uses an option.
 */
public final class SweepBenchmarkOptions {

    @Mixin
    private RunOptions run = new RunOptions();

    @Option(names = "--keys", paramLabel = "N", description = "Keys without a TTL (${DEFAULT-VALUE}).")
    private long keys;

    @Option(names = "--expired", paramLabel = "N", description = "Expired keys (${DEFAULT-VALUE}).")
    private long expired;

    @Option(names = "--rounds", paramLabel = "N", description = "Sweeps for each figure (${DEFAULT-VALUE}).")
    private int rounds;

    /**
     * Creates the options with their defaults.
     *
     * @param keys the default of {@code --keys}
     * @param expired the default of {@code --expired}
     * @param rounds the default of {@code --rounds}
     */
    public SweepBenchmarkOptions(long keys, long expired, int rounds) {
        this.keys = keys;
        this.expired = expired;
        this.rounds = rounds;
    }

    /**
     * Checks the numbers that the user has given.
     *
     * @throws IllegalArgumentException if one of them is below 1
     */
    public void check() {
        if (keys < 1 || expired < 1 || rounds < 1) {
            throw new IllegalArgumentException("--keys, --expired and --rounds must be 1 or more");
        }
    }

    /**
     * Returns the version of the server to start, which is 7.0 by default.
     *
     * @throws IllegalArgumentException if the version is unknown or older than 7.0
     */
    public RedisVersion version() {
        return run.version(RedisVersion.REDIS_7_0);
    }

    /** Returns the number of keys without a TTL. */
    public long keys() {
        return keys;
    }

    /** Returns the number of expired keys that are planted before a sweep. */
    public long expired() {
        return expired;
    }

    /** Returns how often each sweep is repeated; a figure is the median of the repetitions. */
    public int rounds() {
        return rounds;
    }

    /** Returns the size of each value that the benchmark plants, in bytes. */
    public int valueSize() {
        return run.valueSize();
    }

    /** Returns the folder into which the result file is written. */
    public Path output() {
        return run.output();
    }
}
