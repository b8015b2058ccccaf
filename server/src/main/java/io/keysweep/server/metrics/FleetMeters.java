package io.keysweep.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
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
 * (NaN). A scrape waits 3 seconds at most for a database that hangs, so that it still gets all other metrics in time.
 * Thread-safe.
 */
@Component
final class FleetMeters implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(FleetMeters.class);

    /** The time for which the values of one reading are kept. */
    private static final Duration MAX_AGE = Duration.ofSeconds(2);

    /**
     * The longest time for which a scrape waits for a reading. In an outage, the connection pool reports an error
     * before this time.
     */
    private static final Duration MAX_WAIT = Duration.ofSeconds(3);

    private final FleetStore store;
    private final InstantSource clock;

    /** Guards all fields below. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The last reading, on a separate thread; null before the first reading. */
    private @Nullable FutureTask<Map<FleetGauge, Double>> reading;

    /** The values of the last reading; empty if it failed. */
    private Map<FleetGauge, Double> values = Map.of();

    /** When the values were read, or the last reading failed; null before the first reading. */
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
            Gauge.builder(gauge.metric, () -> currentValue(gauge))
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
    private double currentValue(FleetGauge gauge) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant lastReadAt = readAt;
            // The time of a reading is in the future if the clock was set back since. The age of the reading is then
            // not known.
            if (lastReadAt == null || now.isAfter(lastReadAt.plus(MAX_AGE)) || now.isBefore(lastReadAt)) {
                values = read(now);
                // The time is taken after the reading, because a failed reading can take longer than MAX_AGE. With the
                // time before the reading, each of the other gauges of the same scrape would try to read again.
                readAt = clock.instant();
            }
            return values.getOrDefault(gauge, Double.NaN);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the current values; none if they cannot be read, or not within {@link #MAX_WAIT}. */
    private Map<FleetGauge, Double> read(Instant now) {
        FutureTask<Map<FleetGauge, Double>> task = reading;
        // While a reading hangs, no other begins, so that readings do not take all connections of the pool.
        if (task == null || task.isDone()) {
            task = new FutureTask<>(() -> store.count(now));
            reading = task;
            Thread.ofPlatform().daemon().name("keysweep-metrics").start(task);
        }
        try {
            Map<FleetGauge, Double> counts = task.get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            isDatabaseDown = false;
            return counts;
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof DataAccessException || cause instanceof TransactionException) {
                logOutage(cause.getMessage());
            } else {
                LOG.error("The metrics of the whole service cannot be computed", cause);
            }
        } catch (TimeoutException e) {
            logOutage("no answer within " + MAX_WAIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.of();
    }

    private void logOutage(@Nullable String reason) {
        if (!isDatabaseDown) {
            LOG.warn("The metrics of the whole service cannot be read from the database at the moment: {}", reason);
        }
        isDatabaseDown = true;
    }
}
