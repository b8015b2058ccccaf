package io.keysweep.engine.pacing;

import static io.keysweep.engine.pacing.Limit.OFF;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The limits set how much a sweep may burden a server, its replicas and its clients.
 *
 * <p>Each signal has a {@link Limit} with three thresholds: above the first the sweep slows down, above the second it
 * holds, and above the third it ends. A user may replace the second, hard threshold of a signal. {@link Signal} gives
 * the units. The constants {@link #GENTLE}, {@link #BALANCED} and {@link #FULL} belong to the profiles of the same
 * names. Immutable.
 *
 * @param bySignal the limit of each signal that affects the sweep; a signal without a limit is ignored
 */
public record Limits(Map<Signal, Limit> bySignal) {

    /** The number of bytes in a MiB. */
    private static final double MIB = 1 << 20;

    /**
     * The default limits, which slow a sweep down early. They do so above 5 ms of latency, or once other clients take
     * three quarters of the server's CPU time.
     *
     * <p>By default, Redis disconnects a replica whose output buffer exceeds 256 MiB, or 64 MiB for a minute. The sweep
     * holds before, above 48 MiB of lag. A subscriber is disconnected above 32 MiB, or above 8 MiB for a minute. The
     * sweep slows down above 8 MiB of unread output, and holds above 24 MiB.
     *
     * <p>While a replica is being synchronised, the sweep holds. Evictions only slow the sweep down. A hold would not
     * help, since a sweep frees memory and so reduces evictions.
     */
    public static final Limits GENTLE = new Limits(Map.of(
            Signal.LATENCY, new Limit(5, 200, 2_000),
            Signal.REPLICA_LAG, new Limit(8 * MIB, 48 * MIB, 192 * MIB),
            Signal.REPLICA_SILENCE, new Limit(3, 10, OFF),
            // One replica in synchronisation is above 0.5.
            Signal.REPLICA_SYNC, new Limit(0.5, 0.5, OFF),
            Signal.OUTPUT_BUFFER, new Limit(8 * MIB, 24 * MIB, OFF),
            Signal.CPU, new Limit(0.75, OFF, OFF),
            Signal.EVICTIONS, new Limit(1_000, OFF, OFF)));

    /**
     * Limits for a faster sweep. It slows down only above 10 ms of latency, or once others take nine tenths of the CPU
     * time. It holds only above 400 ms of latency. All other limits are the gentle ones.
     */
    public static final Limits BALANCED =
            GENTLE.with(Signal.LATENCY, new Limit(10, 400, 2_000)).with(Signal.CPU, new Limit(0.9, OFF, OFF));

    /**
     * Limits that protect replicas and output buffers as the gentle ones do. A sweep slows down only above 100 ms of
     * latency and holds only above 1 s. The CPU time of others and evictions have no effect.
     */
    public static final Limits FULL = GENTLE.with(Signal.LATENCY, new Limit(100, 1_000, 5_000))
            .with(Signal.CPU, Limit.NONE)
            .with(Signal.EVICTIONS, Limit.NONE);

    /** Limits under which no signal affects the sweep. */
    public static final Limits NONE = new Limits(Map.of());

    public Limits {
        bySignal = Map.copyOf(bySignal);
    }

    /** Returns the limit of a signal, or {@link Limit#NONE} if the signal is ignored. */
    public Limit of(Signal signal) {
        return bySignal.getOrDefault(signal, Limit.NONE);
    }

    /**
     * Returns these limits with another hard threshold for one signal. The other two thresholds can be lowered
     * with it, see {@link Limit#withHard}.
     *
     * @throws IllegalArgumentException if {@code hard} is not above 0; the message names the signal
     */
    public Limits withHard(Signal signal, double hard) {
        if (!(hard > 0)) {
            throw new IllegalArgumentException(
                    signal.name().toLowerCase(Locale.ROOT) + " is " + hard + ", must be above 0");
        }
        return with(signal, of(signal).withHard(hard));
    }

    /**
     * Returns these limits, with each threshold lowered to the one in {@code ceilings} if that is lower. If only one of
     * the two has a limit for a signal, that limit applies.
     */
    public Limits tightenedTo(Limits ceilings) {
        Limits tighterLimits = this;
        for (Signal signal : ceilings.bySignal.keySet()) {
            tighterLimits = tighterLimits.with(signal, of(signal).tightenedTo(ceilings.of(signal)));
        }
        return tighterLimits;
    }

    /** Returns these limits with another limit for one signal. */
    public Limits with(Signal signal, Limit limit) {
        Map<Signal, Limit> changedLimits = new EnumMap<>(Signal.class);
        changedLimits.putAll(bySignal);
        changedLimits.put(signal, limit);
        return new Limits(changedLimits);
    }
}
