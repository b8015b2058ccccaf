package io.keysweep.engine.pacing;

import java.util.Locale;

/** What tells that a server, its replicas or its clients suffer; each with the unit that its numbers are in. */
public enum Signal {
    /** How much longer a call that costs nothing waits for the server than on the same server when idle; ms. */
    LATENCY("callers wait %s for the server", "%.1f ms", 1),
    /** Bytes of replication that the replica farthest behind should have confirmed by now; bytes. */
    REPLICA_LAG("a replica is %s behind", "%.1f MiB", 1.0 / (1 << 20)),
    /** Time since a replica that is online confirmed anything; s. It does so every second. */
    REPLICA_SILENCE("a replica has confirmed nothing for %s", "%.0f s", 1),
    /** Answers, replication or notifications that one client or replica has not taken yet; bytes. */
    OUTPUT_BUFFER("one client has not taken %s of output", "%.1f MiB", 1.0 / (1 << 20)),
    /** Share of the main thread's time that others than the sweep take; 0 to 1. */
    CPU("others keep the server busy for %s of the time", "%.0f %%", 100),
    /** Keys that the server evicts to stay within its memory; keys a second. */
    EVICTIONS("the server evicts %s", "%,.0f keys a second", 1),
    /** Commands that the server runs by its own count, those of the sweep included; commands a second. */
    OPERATIONS("the server runs %s", "%,.0f commands a second", 1);

    private final String sentence;
    private final String format;
    private final double scale;

    /**
     * @param sentence what is wrong, with a place for the amount
     * @param format how an amount is written
     * @param scale from the signal's unit to the one that is written
     */
    Signal(String sentence, String format, double scale) {
        this.sentence = sentence;
        this.format = format;
        this.scale = scale;
    }

    /** What a value over a limit means, for people. */
    String over(double value, double limit) {
        return String.format(Locale.ROOT, sentence, amount(value)) + ", more than " + amount(limit);
    }

    private String amount(double value) {
        return String.format(Locale.ROOT, format, value * scale);
    }
}
