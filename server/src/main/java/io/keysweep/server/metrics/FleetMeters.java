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
 * <p>The values of one reading serve for {@link #MAX_AGE}, so that one scrape reads the database once. While the
 * database cannot be read, the gauges have no value (NaN). Thread-safe.
 */
@Component
final class FleetMeters implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(FleetMeters.class);

    /** The time for which the values of one reading are used. */
    private static final Duration MAX_AGE = Duration.ofSeconds(2);

    private final FleetStore store;
    private final InstantSource clock;

    private Map<FleetGauge, Double> values = Map.of();

    /** When the values were read, or the last reading failed; null before the first one. */
    private @Nullable Instant readAt;

    /** Whether the last reading failed, so that an outage is logged only once. */
    private boolean databaseAway;

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
                    .strongReference(true)
                    .register(registry);
        }
    }

    private synchronized double value(FleetGauge gauge) {
        Instant now = clock.instant();
        Instant last = readAt;
        if (last == null || now.isAfter(last.plus(MAX_AGE))) {
            try {
                values = store.count(now);
                databaseAway = false;
            } catch (DataAccessException | TransactionException e) {
                values = Map.of();
                if (!databaseAway) {
                    LOG.warn("The metrics of the whole service cannot be read at the moment: {}", e.getMessage());
                }
                databaseAway = true;
            }
            // Read again after the attempt: a failed one can last seconds, and the next gauge must not wait as long.
            readAt = clock.instant();
        }
        return values.getOrDefault(gauge, Double.NaN);
    }
}
