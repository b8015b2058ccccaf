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
 * What INFO, read again and again, tells of the load on one server process. What it does not tell, or not yet, is left
 * out. Used by one thread.
 */
final class ServerLoad {

    private static final double NANOS_A_SECOND = 1e9;

    /**
     * @param at when it was read, on the clock that never jumps, ns
     * @param cpuSeconds the time that the main thread has used, s
     * @param evictedKeys keys evicted since the server was started
     */
    private record Reading(long at, double cpuSeconds, double evictedKeys) {}

    private final ReplicaLag lag = new ReplicaLag();
    private @Nullable Reading last;
    private boolean replicated;

    /**
     * The signals of the time since the last reading.
     *
     * @param info at least the sections {@link ServerStatus#SECTIONS}
     * @param at when it was read, ns
     * @param ownBusy how long this sweep has kept the server busy since the last reading
     * @param used the part of its ceilings that the sweep had, added up over the seconds so far
     */
    Map<Signal, Double> signals(ServerInfo info, long at, Duration ownBusy, double used) {
        Map<Signal, Double> signals = new EnumMap<>(Signal.class);
        replicas(info, at, used, signals);
        put(signals, Signal.OUTPUT_BUFFER, decimal(info, "client_recent_max_output_buffer"));
        put(signals, Signal.OPERATIONS, decimal(info, "instantaneous_ops_per_sec"));
        Reading before = last;
        Reading now = new Reading(at, cpuSeconds(info), decimal(info, "evicted_keys"));
        last = now;
        if (before != null && at > before.at) {
            double seconds = (at - before.at) / NANOS_A_SECOND;
            double own = ownBusy.toNanos() / NANOS_A_SECOND;
            put(signals, Signal.CPU, Math.max(0, now.cpuSeconds - before.cpuSeconds - own) / seconds);
            // Less than before: somebody has reset the statistics.
            put(signals, Signal.EVICTIONS, Math.max(0, now.evictedKeys - before.evictedKeys) / seconds);
        }
        return signals;
    }

    /** See {@link ReplicaLag#bearable}; empty without replicas. */
    OptionalDouble bearable() {
        return replicated ? lag.bearable() : OptionalDouble.empty();
    }

    private void replicas(ServerInfo info, long at, double used, Map<Signal, Double> signals) {
        double confirmed = Double.POSITIVE_INFINITY;
        double silence = 0;
        for (ReplicaLine replica : ReplicaLine.of(info)) {
            // 0: it has only just become online and has confirmed nothing yet.
            if (replica.online() && replica.offset() > 0) {
                confirmed = Math.min(confirmed, (double) replica.offset());
                silence = Math.max(silence, (double) replica.secondsSinceReply());
            }
        }
        replicated = confirmed < Double.POSITIVE_INFINITY;
        if (replicated) {
            put(signals, Signal.REPLICA_SILENCE, silence);
            lag.add(at, decimal(info, "master_repl_offset"), confirmed, used);
            lag.bytes().ifPresent(bytes -> signals.put(Signal.REPLICA_LAG, bytes));
        }
    }

    /** Of the main thread where the server tells it apart (Redis from 6.2 on, Valkey), else of the whole process. */
    private static double cpuSeconds(ServerInfo info) {
        double mainThread = decimal(info, "used_cpu_user_main_thread") + decimal(info, "used_cpu_sys_main_thread");
        return Double.isNaN(mainThread) ? decimal(info, "used_cpu_user") + decimal(info, "used_cpu_sys") : mainThread;
    }

    private static void put(Map<Signal, Double> signals, Signal signal, double value) {
        if (!Double.isNaN(value)) {
            signals.put(signal, value);
        }
    }

    /** NaN where the server does not tell it. */
    private static double decimal(ServerInfo info, String field) {
        try {
            return Double.parseDouble(info.text(field).orElse("NaN"));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
