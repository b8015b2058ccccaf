package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.HoldCause;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Provides two metrics for Prometheus: how many sweeps of this process are on hold, and for how long, by cause.
 *
 * <p>A sweep is the part of a scan that visits one primary. A sweep on hold sends no steps (calls that visit keys): its
 * server or the connection does not allow them, or a user has paused the scan. The metrics include the holds that still
 * last. Sweeps that wait without a worker are not counted. Thread-safe.
 */
@Component
final class HoldMeters {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;

    /** Holds that have begun and have not ended. */
    private final List<RunningHold> runningHolds = new ArrayList<>();

    /** Total time of the holds that have ended, in nanoseconds; a cause without such a hold is not in the map. */
    private final Map<HoldCause, Long> nanosOfEndedHolds = new EnumMap<>(HoldCause.class);

    HoldMeters(MeterRegistry registry) {
        clock = registry.config().clock();
        for (HoldCause cause : HoldCause.values()) {
            String reason = cause.name().toLowerCase(Locale.ROOT);
            FunctionCounter.builder("keysweep.hold.seconds", this, meters -> meters.heldSeconds(cause))
                    .description("Seconds in which running sweeps made no step, by reason")
                    .tag("reason", reason)
                    .register(registry);
            Gauge.builder("keysweep.sweeps.held", this, meters -> meters.countRunning(cause))
                    .description("Running sweeps of this process that make no step now, by reason")
                    .tag("reason", reason)
                    .register(registry);
        }
    }

    /** Starts to measure a hold. The caller ends the measurement by {@link RunningHold#end}. */
    synchronized RunningHold begin(HoldCause cause) {
        RunningHold hold = new RunningHold(cause, clock.monotonicTime());
        runningHolds.add(hold);
        return hold;
    }

    /**
     * Ends the measurement of a hold, and returns the time since the hold began. A second call for the hold adds
     * nothing to the metrics.
     */
    private synchronized Duration end(RunningHold hold) {
        long nanos = clock.monotonicTime() - hold.beganNanos;
        if (runningHolds.remove(hold)) {
            nanosOfEndedHolds.merge(hold.cause, nanos, Long::sum);
        }
        return Duration.ofNanos(nanos);
    }

    /** Returns the total time of all holds with this cause in seconds, including the holds that still last. */
    private synchronized double heldSeconds(HoldCause cause) {
        long now = clock.monotonicTime();
        long nanos = nanosOfEndedHolds.getOrDefault(cause, 0L);
        for (RunningHold hold : runningHolds) {
            if (hold.cause == cause) {
                nanos += now - hold.beganNanos;
            }
        }
        return nanos / NANOS_PER_SECOND;
    }

    private synchronized double countRunning(HoldCause cause) {
        return runningHolds.stream().filter(hold -> hold.cause == cause).count();
    }

    /** A running hold is a hold that is being measured, until {@link #end}. Thread-safe. */
    final class RunningHold {

        private final HoldCause cause;

        /** When the hold began, in nanoseconds of the monotonic clock of the meters. */
        private final long beganNanos;

        private RunningHold(HoldCause cause, long beganNanos) {
            this.cause = cause;
            this.beganNanos = beganNanos;
        }

        /** Ends the measurement, and returns how long the hold has lasted. Must be called once. */
        Duration end() {
            return HoldMeters.this.end(this);
        }
    }
}
