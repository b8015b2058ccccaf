package io.keysweep.engine.pacing;

import static io.keysweep.engine.pacing.Limit.OFF;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a server, its replicas and its clients may suffer while it is swept. Immutable.
 *
 * @param bySignal a limit for each signal that matters
 */
public record Limits(Map<Signal, Limit> bySignal) {

    private static final double MIB = 1 << 20;

    /**
     * Slows down early: callers wait 5 ms, or others take three quarters of the server. What replicas and clients have
     * not taken is bounded well below the limits at which a server drops them by default (replicas 64 MiB over a minute
     * or 256 MiB, subscribers 8 MiB over a minute or 32 MiB). Evictions only slow down: a sweep frees memory.
     */
    public static final Limits GENTLE = new Limits(Map.of(
            Signal.LATENCY, new Limit(5, 200, 2_000),
            Signal.REPLICA_LAG, new Limit(8 * MIB, 48 * MIB, 192 * MIB),
            Signal.REPLICA_SILENCE, new Limit(3, 10, OFF),
            Signal.OUTPUT_BUFFER, new Limit(8 * MIB, 64 * MIB, OFF),
            Signal.CPU, new Limit(0.75, OFF, OFF),
            Signal.EVICTIONS, new Limit(1_000, OFF, OFF)));

    /** As gentle, but for callers that wait 10 ms and others that take nine tenths of the server. */
    public static final Limits BALANCED =
            GENTLE.with(Signal.LATENCY, new Limit(10, 400, 2_000)).with(Signal.CPU, new Limit(0.9, OFF, OFF));

    /** Replicas and clients are spared as before, callers only from waits of 100 ms on. */
    public static final Limits FULL = GENTLE.with(Signal.LATENCY, new Limit(100, 1_000, 5_000))
            .with(Signal.CPU, Limit.NONE)
            .with(Signal.EVICTIONS, Limit.NONE);

    /** No limit at all. */
    public static final Limits NONE = new Limits(Map.of());

    public Limits {
        bySignal = Map.copyOf(bySignal);
    }

    /** The limit of a signal; {@link Limit#NONE} if it does not matter. */
    public Limit of(Signal signal) {
        return bySignal.getOrDefault(signal, Limit.NONE);
    }

    /**
     * The same limits with another hard number for a signal, see {@link Limit#withHard}.
     *
     * @throws IllegalArgumentException if it is not above 0; names the signal
     */
    public Limits withHard(Signal signal, double hard) {
        if (!(hard > 0)) {
            throw new IllegalArgumentException(
                    signal.name().toLowerCase(Locale.ROOT) + " is " + hard + ", must be above 0");
        }
        return with(signal, of(signal).withHard(hard));
    }

    /** The same limits but for one. */
    public Limits with(Signal signal, Limit limit) {
        Map<Signal, Limit> changed = new EnumMap<>(Signal.class);
        changed.putAll(bySignal);
        changed.put(signal, limit);
        return new Limits(changed);
    }
}
