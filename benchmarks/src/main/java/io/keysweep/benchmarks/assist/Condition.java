package io.keysweep.benchmarks.assist;

import java.util.List;
import java.util.Locale;

/** Lists the conditions under which {@code dev/bench assist} lets the contenders reclaim keys. */
enum Condition {
    /** The server has nothing else to do. */
    PLAIN,
    /** The server writes an append-only file, with one fsync per second. */
    AOF,
    /** The server has one replica. */
    REPLICA,
    /** An application sends {@value #REQUESTS_PER_SECOND} requests per second, GET and SET in turn. */
    TRAFFIC,
    /**
     * The server moves its keys to a table of twice the size while a contender runs. The expired keys are planted right
     * before, and make the old table too small.
     */
    RESIZING;

    /** The number of requests per second that the application of {@link #TRAFFIC} sends. */
    static final int REQUESTS_PER_SECOND = 5_000;

    /** Returns the options of the command line with which the server starts. */
    List<String> serverOptions() {
        return this == AOF ? List.of("--appendonly", "yes", "--appendfsync", "everysec") : List.of();
    }

    /** Returns the name in the command line and in the name of the file, such as {@code aof}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the name of the benchmark in the name of its file: {@code assist} or, for example, {@code assist-aof}.
     */
    String benchmark() {
        return this == PLAIN ? "assist" : "assist-" + label();
    }
}
