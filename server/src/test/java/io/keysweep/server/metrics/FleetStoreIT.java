package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests the metric of the longest wait for a permit, and which cliffs of forecasts are counted.
 *
 * <p>A permit allows a sweep to run. A cliff is a time in which far more keys expire than around it.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class FleetStoreIT {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final String dialect;
    private JdbcClient jdbc;

    FleetStoreIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        jdbc = JdbcClient.create(TestDatabase.create(dialect, folder));
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
    }

    @Test
    void permitWait_ofAScanOfWhichAnotherSweepRuns_isIgnored() {
        UUID cluster = addScan(Duration.ofHours(5));
        addPermit(cluster, "one", NOW);
        addPermit(cluster, "two", /* grantedAt= */ null);

        // The second sweep waits for a permit, but another sweep of its scan runs.
        assertThat(value(FleetGauge.PERMIT_WAIT_SECONDS)).isZero();

        // No sweep of this scan runs, so its wait counts.
        addPermit(addScan(Duration.ofMinutes(2)), "three", /* grantedAt= */ null);

        assertThat(value(FleetGauge.PERMIT_WAIT_SECONDS)).isEqualTo(120);
        assertThat(value(FleetGauge.SWEEPS_RUNNING)).isEqualTo(1);
        assertThat(value(FleetGauge.SWEEPS_WAITING)).isEqualTo(2);
    }

    /** The scan is older than its request for a permit, because it has waited for its window before. */
    @Test
    void permitWait_ofAnOldScan_beginsWithItsRequestForAPermit() {
        UUID scan = addScan(Duration.ofHours(5));
        addPermit(scan, "one", /* grantedAt= */ null);
        jdbc.sql("update permit set queued_at = ?")
                .param(NOW.minusSeconds(30).atOffset(ZoneOffset.UTC))
                .update();

        assertThat(value(FleetGauge.PERMIT_WAIT_SECONDS)).isEqualTo(30);
    }

    @Test
    void cliffs_thatHavePassedOrAreNoLongerExpected_areNotIncluded() {
        assertThat(value(FleetGauge.CLIFFS)).isZero();
        assertThat(value(FleetGauge.CLIFF_BACKLOG_KEYS)).isZero();

        // The first cliff has passed, and the second cliff is no longer expected.
        UUID instance = addInstance();
        addCliff(instance, NOW.minusSeconds(600), /* backlog= */ 900, /* expected= */ true);
        addCliff(instance, NOW.plusSeconds(600), /* backlog= */ 800, /* expected= */ false);
        addCliff(instance, NOW.plusSeconds(1_200), /* backlog= */ 300, /* expected= */ true);
        addCliff(addInstance(), NOW.plusSeconds(1_200), /* backlog= */ 500, /* expected= */ true);

        assertThat(value(FleetGauge.CLIFFS)).isEqualTo(2);
        assertThat(value(FleetGauge.CLIFF_BACKLOG_KEYS)).isEqualTo(500);
    }

    private double value(FleetGauge gauge) {
        Map<FleetGauge, Double> values = new FleetStore(jdbc, new BacklogReader(jdbc, new JsonMapper())).count(NOW);
        return values.getOrDefault(gauge, Double.NaN);
    }

    private UUID addInstance() {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', ?, 'redis://h', current_timestamp)")
                .params(id, id.toString())
                .update();
        return id;
    }

    /** Adds a cliff that lasts ten minutes. */
    private void addCliff(UUID instance, Instant from, long backlog, boolean expected) {
        jdbc.sql("insert into instance_cliff (instance_id, begins_at, ends_at, backlog, expected)"
                        + " values (?, ?, ?, ?, ?)")
                .params(
                        instance,
                        from.atOffset(ZoneOffset.UTC),
                        from.plusSeconds(600).atOffset(ZoneOffset.UTC),
                        backlog,
                        expected)
                .update();
    }

    /** Adds an active scan of this age, and returns its id. */
    private UUID addScan(Duration age) {
        UUID id = addInstance();
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, ?, 'manual', 'waiting', 60, ?)")
                .params(id, id, id, NOW.minus(age).atOffset(ZoneOffset.UTC))
                .update();
        return id;
    }

    /** Adds the permit of a sweep; without a time of the grant, the sweep waits for it. */
    private void addPermit(UUID scan, String node, @Nullable Instant grantedAt) {
        jdbc.sql("insert into permit (execution, scan_id, project_id, host, age)"
                        + " select ?, id, 'p', 'h', created_at from scan where id = ?")
                .params(scan + "/1/" + node, scan)
                .update();
        if (grantedAt != null) {
            jdbc.sql("update permit set granted_at = ? where execution = ?")
                    .params(grantedAt.atOffset(ZoneOffset.UTC), scan + "/1/" + node)
                    .update();
        }
    }
}
