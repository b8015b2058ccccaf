package io.keysweep.server.autoscan;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Counts for Prometheus the automatic scans that this process has started or skipped, by cause. Thread-safe. */
@Component
final class StartMeters {

    private final MeterRegistry registry;

    StartMeters(MeterRegistry registry) {
        this.registry = registry;
        // All counters exist from the beginning, so that the function rate() of Prometheus sees their first increment.
        for (Start.Cause cause : Start.Cause.values()) {
            for (Start.Outcome outcome : Start.Outcome.values()) {
                counter(cause, outcome);
            }
        }
    }

    /** Counts a start after the transaction that stored it has committed. */
    @TransactionalEventListener
    void onStart(Start start) {
        counter(start.cause(), start.outcome()).increment();
    }

    private Counter counter(Start.Cause cause, Start.Outcome outcome) {
        return Counter.builder("keysweep.starts")
                .description("Automatic scans that were due, by cause and by whether they were started")
                .tag("cause", cause.wireName())
                .tag("outcome", outcome.wireName())
                .register(registry);
    }
}
