package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.assist.RaisedSettingsStore;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepTesting;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests the metric of the longest wait for a permit, and which cliffs of forecasts and raised servers are counted.
 *
 * <p>A permit allows a sweep to run. A cliff is a time in which far more keys expire than around it.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class FleetStoreIT {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final String dialect;
    private DataSource dataSource;
    private JdbcClient jdbc;

    FleetStoreIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        dataSource = TestDatabase.create(dialect, folder);
        jdbc = JdbcClient.create(dataSource);
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

    /** While a sweep uses a server, the sweep restores its settings. */
    @Test
    void raisedServers_thatASweepUsesOrThatHaveNoEntry_areNotIncluded() {
        UUID instance = addInstance();
        UUID scan = addScan(Duration.ofMinutes(2));
        SweepTesting.store(dataSource, new ManualClock())
                .insert(SweepRecord.waiting(scan, /* round= */ 1, "n", SlotSet.ALL));
        addRaised("used:1", instance, scan, /* inUse= */ true, "hz 10 500");
        addRaised("claimed:1", instance, UUID.randomUUID(), /* inUse= */ true, /* changes= */ null);
        assertThat(value(FleetGauge.RAISED_SERVERS)).isZero();

        // The sweep has given one server up. The scan of another server was removed.
        addRaised("lost:1", instance, scan, /* inUse= */ false, "hz 10 500");
        addRaised("old:1", instance, UUID.randomUUID(), /* inUse= */ true, "hz 10 500");
        assertThat(value(FleetGauge.RAISED_SERVERS)).isEqualTo(2);

        // The sweep ends without restoring the settings.
        jdbc.sql("update sweep set finished = true").update();
        assertThat(value(FleetGauge.RAISED_SERVERS)).isEqualTo(3);
    }

    private void addRaised(String address, UUID instance, UUID scan, boolean inUse, @Nullable String changes) {
        jdbc.sql("insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt, in_use, changes)"
                        + " values (?, ?, ?, 1, 'n', 1, ?, ?)")
                .params(Arrays.asList(address, instance, scan, inUse, changes))
                .update();
    }

    private double value(FleetGauge gauge) {
        Map<FleetGauge, Double> values = new FleetStore(
                        jdbc, new BacklogReader(jdbc, new JsonMapper()), new RaisedSettingsStore(jdbc))
                .count(NOW);
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
