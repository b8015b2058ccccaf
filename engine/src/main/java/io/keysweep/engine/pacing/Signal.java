package io.keysweep.engine.pacing;

import java.util.Locale;

/**
 * A signal is a measured value that shows whether a server, its replicas or its clients suffer.
 *
 * <p>A sweep measures the signals about every 250 ms and gives way when one exceeds its {@link Limit}. Each description
 * names the unit.
 */
public enum Signal {
    /** Time by which a DBSIZE takes longer than on an idle server; ms. (A DBSIZE costs the server very little.) */
    LATENCY("callers wait %s for the server", "%.1f ms", 1),
    /**
     * Bytes that the slowest replica has not confirmed although it should have by now, see {@link ReplicaLag}.
     */
    REPLICA_LAG("a replica is %s behind", "%.1f MiB", 1.0 / (1 << 20)),
    /** Time since a replica that is online last confirmed anything; s. A healthy replica confirms every second. */
    REPLICA_SILENCE("a replica has confirmed nothing for %s", "%.0f s", 1),
    /**
     * Number of replicas that are being synchronised in full. The server collects all writes for such a
     * replica in an output buffer until the replica can read them. The deletions of a sweep could overrun that buffer,
     * and the synchronisation would start again.
     */
    REPLICA_SYNC(/* sentence= */ "", /* format= */ "", /* displayScale= */ 1) {
        // Its sentences have another form than those of an amount above a limit.
        @Override
        String describeExcess(double value, double limit) {
            return value == 1
                    ? "a replica is being synchronised (full synchronisation); the sweep continues once it is online"
                    : String.format(
                            Locale.ROOT,
                            "%.0f replicas are being synchronised (full synchronisation); the sweep continues once they"
                                    + " are online",
                            value);
        }
    },
    /** Largest amount of output (replies, replication, notifications) that one client has not read yet; bytes. */
    OUTPUT_BUFFER("one client has %s of unread output", "%.1f MiB", 1.0 / (1 << 20)),
    /** Share of the main thread's time that everything but this sweep takes; 0 to 1. */
    CPU("others keep the server busy for %s of the time", "%.0f %%", 100),
    /** Keys that the server evicts to stay within its memory limit; keys per second. */
    EVICTIONS("the server evicts %s", "%,.0f keys a second", 1),
    /**
     * Commands that the server runs by its own count, including commands of the sweep; commands per second. By default
     * there is no limit.
     */
    OPERATIONS("the server runs %s", "%,.0f commands a second", 1);

    private final String sentence;
    private final String format;
    private final double displayScale;

    /**
     * Creates a signal.
     *
     * @param sentence the problem as a sentence, with a placeholder for the amount
     * @param format how an amount is written
     * @param displayScale the factor from the unit of the signal to the unit in {@code format}
     */
    Signal(String sentence, String format, double displayScale) {
        this.sentence = sentence;
        this.format = format;
        this.displayScale = displayScale;
    }

    /**
     * Returns a sentence for the user about a value above a limit, such as "callers wait 34.0 ms for the server, more
     * than 5.0 ms".
     */
    String describeExcess(double value, double limit) {
        return String.format(Locale.ROOT, sentence, amount(value)) + ", more than " + amount(limit);
    }

    private String amount(double value) {
        return String.format(Locale.ROOT, format, value * displayScale);
    }
}
