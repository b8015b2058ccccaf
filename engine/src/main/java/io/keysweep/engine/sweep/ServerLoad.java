package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.ReplicaLag;
import io.keysweep.engine.pacing.Signal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Calculates the load signals of one server process, such as CPU and replica lag, from repeated readings of INFO.
 *
 * <p>A signal is a measurement that shows whether other users of the server suffer; the caller, a sweep or
 * assist, slows down if a signal is too high. A signal that the server does not report is left out. A signal that needs
 * earlier readings is left out until there are enough of them. Used by one thread.
 */
public final class ServerLoad {

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Records one reading of counters. Only the difference between two readings has a meaning.
     *
     * @param at the time of the reading on a monotonic clock, ns
     * @param cpuSeconds the CPU time that the main thread has used since the server started, s
     * @param evictedKeys the number of keys evicted since the server started
     */
    private record CounterReading(long at, double cpuSeconds, double evictedKeys) {}

    private final ReplicaLag replicaLag = new ReplicaLag();

    /** The latest reading; null before the first reading. */
    private @Nullable CounterReading lastReading;

    /** Whether the last reading shows a replica that has confirmed any data. */
    private boolean hasReplicas;

    /**
     * Adds a reading, and returns the signals of the time since the previous one.
     *
     * @param info at least the sections {@link ServerStatus#SECTIONS}
     * @param at the time of the reading on a monotonic clock, ns; later than the time of the previous reading
     * @param ownBusy how long the caller, a sweep or assist, has kept the server busy since the previous reading
     * @param factorSeconds the sum of throttle factor × seconds so far, where the factor is the part of the allowed
     *     pace that the caller uses, 0 to 1. {@link ReplicaLag} derives the mean factor of a time from it
     * @return the value of each known signal, in the unit of the signal; the caller may add to the map
     */
    public Map<Signal, Double> update(ServerInfo info, long at, Duration ownBusy, double factorSeconds) {
        Map<Signal, Double> signals = new EnumMap<>(Signal.class);
        updateReplicas(info, at, factorSeconds, signals);
        putIfKnown(signals, Signal.OUTPUT_BUFFER, decimalOrNaN(info, "client_recent_max_output_buffer"));
        putIfKnown(signals, Signal.OPERATIONS, decimalOrNaN(info, "instantaneous_ops_per_sec"));
        CounterReading previousReading = lastReading;
        CounterReading thisReading = new CounterReading(at, cpuSeconds(info), decimalOrNaN(info, "evicted_keys"));
        lastReading = thisReading;
        if (previousReading != null && at > previousReading.at) {
            double seconds = (at - previousReading.at) / NANOS_PER_SECOND;
            double ownSeconds = ownBusy.toNanos() / NANOS_PER_SECOND;
            // The load without the caller's own is the load from others.
            putIfKnown(
                    signals,
                    Signal.CPU,
                    Math.max(0, thisReading.cpuSeconds - previousReading.cpuSeconds - ownSeconds) / seconds);
            // A counter that fell was reset (CONFIG RESETSTAT), so it is treated as no evictions.
            putIfKnown(
                    signals,
                    Signal.EVICTIONS,
                    Math.max(0, thisReading.evictedKeys - previousReading.evictedKeys) / seconds);
        }
        return signals;
    }

    /**
     * Returns the throttle factor at which the lag of the slowest replica would neither rise nor fall, see {@link
     * ReplicaLag}. The result is empty without replicas, and until there are enough readings.
     */
    public OptionalDouble sustainableFactor() {
        return hasReplicas ? replicaLag.sustainableFactor() : OptionalDouble.empty();
    }

    /** Returns how many replicas are being synchronised, see {@link ReplicaLine#synchronising}. */
    static long synchronisingReplicas(ServerInfo info) {
        long primaryOffset = info.number("master_repl_offset").orElse(0);
        return ReplicaLine.of(info).stream()
                .filter(replica -> replica.synchronising(primaryOffset))
                .count();
    }

    /**
     * Adds the signals of replicas: the number that synchronise, the longest silence, and the lag of the slowest
     * replica.
     */
    private void updateReplicas(ServerInfo info, long at, double factorSeconds, Map<Signal, Double> signals) {
        long replicasSynchronising = synchronisingReplicas(info);
        if (replicasSynchronising > 0) {
            signals.put(Signal.REPLICA_SYNC, (double) replicasSynchronising);
        }
        double slowestOffset = Double.POSITIVE_INFINITY;
        double longestSilence = 0;
        for (ReplicaLine replica : ReplicaLine.of(info)) {
            // A replica with an offset of 0 has just come online and has confirmed nothing yet.
            if (replica.online() && replica.offset() > 0) {
                slowestOffset = Math.min(slowestOffset, (double) replica.offset());
                longestSilence = Math.max(longestSilence, (double) replica.secondsSinceReply());
            }
        }
        hasReplicas = slowestOffset < Double.POSITIVE_INFINITY;
        if (hasReplicas) {
            putIfKnown(signals, Signal.REPLICA_SILENCE, longestSilence);
            replicaLag.add(at, decimalOrNaN(info, "master_repl_offset"), slowestOffset, factorSeconds);
            replicaLag.lagBytes().ifPresent(bytes -> signals.put(Signal.REPLICA_LAG, bytes));
        }
    }

    /**
     * Returns the CPU time of the main thread since the server started, s. Redis before 6.2 reports only the CPU time
     * of the whole process, which is then the result. The result is NaN if the server reports neither.
     */
    public static double cpuSeconds(ServerInfo info) {
        double mainThread =
                decimalOrNaN(info, "used_cpu_user_main_thread") + decimalOrNaN(info, "used_cpu_sys_main_thread");
        double process = decimalOrNaN(info, "used_cpu_user") + decimalOrNaN(info, "used_cpu_sys");
        return Double.isNaN(mainThread) ? process : mainThread;
    }

    private static void putIfKnown(Map<Signal, Double> signals, Signal signal, double value) {
        if (!Double.isNaN(value)) {
            signals.put(signal, value);
        }
    }

    /** Returns a field's value, or NaN if the server does not report it. */
    private static double decimalOrNaN(ServerInfo info, String field) {
        try {
            return Double.parseDouble(info.text(field).orElse("NaN"));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
