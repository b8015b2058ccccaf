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
 * Measures for Prometheus how many sweeps of this process are held, and for how long, by cause. A hold counts while it
 * lasts, and not only when it ends. Thread-safe.
 */
@Component
final class HoldMeters {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;
    private final List<RunningHold> running = new ArrayList<>();
    private final Map<HoldCause, Long> endedNanos = new EnumMap<>(HoldCause.class);

    HoldMeters(MeterRegistry registry) {
        clock = registry.config().clock();
        for (HoldCause cause : HoldCause.values()) {
            String reason = cause.name().toLowerCase(Locale.ROOT);
            FunctionCounter.builder("keysweep.hold.seconds", this, meters -> meters.seconds(cause))
                    .description("Seconds in which running sweeps made no step, by reason")
                    .tag("reason", reason)
                    .register(registry);
            Gauge.builder("keysweep.sweeps.held", this, meters -> meters.count(cause))
                    .description("Running sweeps of this process that make no step now, by reason")
                    .tag("reason", reason)
                    .register(registry);
        }
    }

    /** Starts to measure a hold. */
    synchronized RunningHold begin(HoldCause cause) {
        RunningHold hold = new RunningHold(cause, clock.monotonicTime());
        running.add(hold);
        return hold;
    }

    /** Ends the measurement of a hold, and returns how long it has lasted. */
    private synchronized Duration end(RunningHold hold) {
        long nanos = clock.monotonicTime() - hold.began;
        if (running.remove(hold)) {
            endedNanos.merge(hold.cause, nanos, Long::sum);
        }
        return Duration.ofNanos(nanos);
    }

    private synchronized double seconds(HoldCause cause) {
        long now = clock.monotonicTime();
        long nanos = endedNanos.getOrDefault(cause, 0L);
        for (RunningHold hold : running) {
            if (hold.cause == cause) {
                nanos += now - hold.began;
            }
        }
        return nanos / NANOS_PER_SECOND;
    }

    private synchronized double count(HoldCause cause) {
        return running.stream().filter(hold -> hold.cause == cause).count();
    }

    /** A running hold is a hold that has not ended yet. Thread-safe. */
    final class RunningHold {

        private final HoldCause cause;
        private final long began;

        private RunningHold(HoldCause cause, long began) {
            this.cause = cause;
            this.began = began;
        }

        /** Ends the hold, and returns how long it has lasted. */
        Duration end() {
            return HoldMeters.this.end(this);
        }
    }
}
