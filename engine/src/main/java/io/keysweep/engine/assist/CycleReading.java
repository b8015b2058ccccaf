package io.keysweep.engine.assist;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ServerLoad;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Holds the figures of one INFO reply about the server's own expiry cycle, its background removal of expired keys.
 *
 * <p>Assist raises settings of the server for a while, so that this cycle removes more expired keys. The difference of
 * two readings shows the cost and the gain of assist.
 *
 * @param at when INFO was sent, on a monotonic clock, ns. {@link RaisableSettings} measures the times of its changes in
 *     the same way, so the way to the server has no influence on the time between a change and a reading
 * @param expired expired keys that the cycle has removed ({@code expired_keys_active}), since the server started or its
 *     statistics were reset. From servers that do not report that field, all expired keys ({@code expired_keys}); 0 if
 *     the server reports neither
 * @param cycleMillis the main thread's time that the cycle has taken since the server started, ms ({@code
 *     expire_cycle_cpu_milliseconds}); empty if not reported
 * @param cpuSeconds the CPU time of the main thread since the server started, s; of the whole process on Redis before
 *     6.2; NaN if not reported
 * @param stalePercent how many percent of the keys with a TTL have expired, by the cycle's own samples ({@code
 *     expired_stale_perc}); empty if not reported
 * @param volatileKeys keys with a TTL in all databases, including expired ones
 */
record CycleReading(
        long at,
        long expired,
        OptionalLong cycleMillis,
        double cpuSeconds,
        OptionalDouble stalePercent,
        long volatileKeys) {

    /** The counter of the cycle alone, which Redis 8.4 and later report. */
    static final String CYCLE_COUNTER = "expired_keys_active";

    /** The counter of all expired keys, including keys that expired when clients accessed them. */
    static final String COUNTER = "expired_keys";

    /**
     * Takes the reading from a reply to INFO.
     *
     * @param info all sections of INFO
     * @param at when INFO was sent, on a monotonic clock, ns
     */
    static CycleReading of(ServerInfo info, long at) {
        return new CycleReading(
                at,
                info.number(counter(info)).orElse(0),
                info.number("expire_cycle_cpu_milliseconds"),
                ServerLoad.cpuSeconds(info),
                readStalePercent(info),
                Keyspace.of(info).totalExpires());
    }

    /** Returns the name of the INFO field that {@link #expired} is taken from. */
    static String counter(ServerInfo info) {
        return info.number(CYCLE_COUNTER).isPresent() ? CYCLE_COUNTER : COUNTER;
    }

    private static OptionalDouble readStalePercent(ServerInfo info) {
        try {
            return info.text("expired_stale_perc")
                    .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                    .orElseGet(OptionalDouble::empty);
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /**
     * Estimates how many keys have expired and still hold memory. The part of such keys that the cycle found among its
     * samples is applied to all keys with a TTL. Returns an empty value if the server does not report its samples.
     */
    OptionalLong estimatedDead() {
        return stalePercent.isPresent()
                ? OptionalLong.of(Math.round(stalePercent.getAsDouble() / 100 * volatileKeys))
                : OptionalLong.empty();
    }

    /** Returns the seconds since an earlier reading. */
    double secondsSince(CycleReading earlier) {
        return (at - earlier.at) / 1e9;
    }

    /**
     * Returns how busy the main thread was with all work of the server since an earlier reading, 0 to 1; 0 if not
     * reported.
     */
    double totalShareSince(CycleReading earlier) {
        return share(cpuSeconds - earlier.cpuSeconds, earlier);
    }

    /** Returns how busy the main thread was with the cycle since an earlier reading, 0 to 1; 0 if not reported. */
    double cycleShareSince(CycleReading earlier) {
        return share((cycleMillis.orElse(0) - earlier.cycleMillis.orElse(0)) / 1e3, earlier);
    }

    private double share(double busySeconds, CycleReading earlier) {
        double seconds = secondsSince(earlier);
        // The difference is negative after a restart of the server, and NaN if it does not report its CPU time.
        return seconds > 0 && busySeconds > 0 ? Math.min(1, busySeconds / seconds) : 0;
    }
}
