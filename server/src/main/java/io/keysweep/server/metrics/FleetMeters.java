package io.keysweep.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reports the gauges of the whole service, which it reads from the database when a client requests the metrics.
 *
 * <p>A client such as Prometheus requests (scrapes) all gauges together. This class keeps the values of one reading for
 * 2 seconds, so that one scrape reads the database once. While the database cannot be read, the gauges have no value
 * (NaN). Thread-safe.
 */
@Component
final class FleetMeters implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(FleetMeters.class);

    /** The time for which the values of one reading are kept. */
    private static final Duration MAX_AGE = Duration.ofSeconds(2);

    private final FleetStore store;
    private final InstantSource clock;

    /** The values of the last reading; empty if it failed. */
    private Map<FleetGauge, Double> values = Map.of();

    /** When the values were read, or the last reading failed; null before the first one. */
    private @Nullable Instant readAt;

    /** Whether the last reading failed. An outage is logged only at its first failed reading. */
    private boolean isDatabaseDown;

    FleetMeters(FleetStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (FleetGauge gauge : FleetGauge.values()) {
            Gauge.builder(gauge.metric, () -> value(gauge))
                    .description(gauge.description)
                    .tags(gauge.tags())
                    // With a weak reference, the registry would lose the gauge at the next garbage collection.
                    .strongReference(true)
                    .register(registry);
        }
    }

    /**
     * Returns the value of a gauge, or NaN if the last reading failed. Reads all values again if they are older than
     * {@link #MAX_AGE}.
     */
    private synchronized double value(FleetGauge gauge) {
        Instant now = clock.instant();
        Instant last = readAt;
        // The time of a reading is in the future if the clock was set back since. The age of the reading is then not
        // known.
        if (last == null || now.isAfter(last.plus(MAX_AGE)) || now.isBefore(last)) {
            try {
                values = store.count(now);
                isDatabaseDown = false;
            } catch (DataAccessException | TransactionException e) {
                values = Map.of();
                if (!isDatabaseDown) {
                    LOG.warn(
                            "The metrics of the whole service cannot be read from the database at the moment: {}",
                            e.getMessage());
                }
                isDatabaseDown = true;
            }
            // This is the time after the reading, because a failed reading can take longer than MAX_AGE. With the time
            // before the reading, each of the other gauges of the same scrape would try to read again.
            readAt = clock.instant();
        }
        return values.getOrDefault(gauge, Double.NaN);
    }
}
