package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.keysweep.server.assist.RaisedSettingsStore;
import io.keysweep.testkit.ManualClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Tests the gauges of the whole service on a database that hangs. */
final class FleetMetersTest {

    private final CountDownLatch databaseAnswers = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private final ManualClock clock = new ManualClock();

    @Test
    void gauges_whileTheDatabaseHangs_haveNoValueAfterSomeSeconds() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        JdbcClient jdbc = JdbcClient.create(hangingDatabase());
        FleetStore store =
                new FleetStore(jdbc, new BacklogReader(jdbc, JsonMapper.shared()), new RaisedSettingsStore(jdbc));
        new FleetMeters(store, clock).bindTo(registry);

        // A scrape does not wait for the database.
        for (int scrape = 0; scrape < 2; scrape++) {
            assertTimeout(
                    Duration.ofSeconds(20),
                    () -> assertThat(gauges(registry))
                            .hasSize(FleetGauge.values().length)
                            .allSatisfy(gauge -> assertThat(gauge.value()).isNaN()));

            clock.advance(Duration.ofSeconds(15));
        }

        // The second scrape opens no connection, because the reading of the first scrape is still running.
        assertThat(connections).hasValue(1);

        databaseAnswers.countDown();
    }

    private static Collection<Gauge> gauges(SimpleMeterRegistry registry) {
        return registry.getMeters().stream()
                .filter(Gauge.class::isInstance)
                .map(Gauge.class::cast)
                .toList();
    }

    private DataSource hangingDatabase() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    connections.incrementAndGet();
                    databaseAnswers.await();
                    throw new SQLException("unreachable");
                });
    }
}
