package io.keysweep.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.autoscan.StartRetention;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.SettingsLoader;
import io.keysweep.server.notify.DeliveryRetention;
import io.keysweep.server.scan.ScanRetention;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests what retention removes and what it keeps, on both databases, with a clock that the test sets. */
class RetentionIT {

    private static final Duration DAY = Duration.ofDays(1);

    /** The age in days up to which records are kept. */
    private static final int MAX_DAYS = 30;

    /** The number of ended scans of an instance that are kept. */
    private static final int MAX_SCANS = 100;

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void run_withOldOrTooManyRecords_removesThem_andKeepsActiveScans(String dialect) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        Instant now = clock.instant();

        // All scans of this instance are older than 30 days. The newest and the active one are kept.
        UUID old = instance(jdbc, "all-old");
        UUID newestOfOld = scan(jdbc, old, now.minus(DAY.multipliedBy(40)));
        scan(jdbc, old, now.minus(DAY.multipliedBy(41)));
        UUID active = scan(jdbc, old, /* finishedAt= */ null);

        // This instance has too many scans, all of them young. The inserts are in one transaction, because each commit
        // of H2 writes its file.
        UUID many = instance(jdbc, "many");
        new TransactionTemplate(new JdbcTransactionManager(dataSource)).executeWithoutResult(status -> {
            // There are more scans to remove than two batches of 500.
            for (int i = 0; i < MAX_SCANS + 1_103; i++) {
                scan(jdbc, many, now.minusSeconds(i));
            }
        });

        // One scan and one start of this instance are older than 30 days.
        UUID mixed = instance(jdbc, "mixed");
        UUID justInside = scan(jdbc, mixed, now.minus(DAY.multipliedBy(MAX_DAYS)));
        scan(jdbc, mixed, now.minus(DAY.multipliedBy(MAX_DAYS)).minusMillis(1));
        UUID fresh = scan(jdbc, mixed, now.minus(DAY));
        start(jdbc, mixed, now.minus(DAY.multipliedBy(31)));
        start(jdbc, mixed, now.minus(DAY));

        // One delivery to this webhook is older than 30 days, and one is still pending.
        jdbc.sql("insert into webhook (id, project_id, url, events, held_seconds, enabled, secret, version, created_by,"
                        + " created_at) values (?, 'p', 'http://h/', 'scan.failed', 60, true, 's', 0, 'AK', ?)")
                .params(UUID.randomUUID(), Instant.EPOCH.atOffset(ZoneOffset.UTC))
                .update();
        delivery(jdbc, now.minus(DAY.multipliedBy(31)));
        delivery(jdbc, now.minus(DAY));
        delivery(jdbc, /* finishedAt= */ null);

        ServiceSettings settings = SettingsLoader.load(
                List.of(),
                Map.of(
                        "KEYSWEEP_HOME", folder.toString(),
                        "KEYSWEEP_RETENTION_DAYS", String.valueOf(MAX_DAYS),
                        "KEYSWEEP_RETENTION_SCANS_PER_INSTANCE", String.valueOf(MAX_SCANS)));
        Retention retention = new Retention(
                List.of(new ScanRetention(jdbc), new StartRetention(jdbc), new DeliveryRetention(jdbc)),
                settings,
                clock);

        // One scan of the first instance, 1,103 of the second and one of the third are removed.
        assertThat(retention.run())
                .isEqualTo(Map.of("scans", 1 + 1_103 + 1, "records of starts", 1, "deliveries to webhooks", 1));
        assertThat(scans(jdbc, old)).containsExactlyInAnyOrder(newestOfOld, active);
        assertThat(scans(jdbc, many)).hasSize(MAX_SCANS);
        assertThat(jdbc.sql("select min(finished_at) from scan where instance_id = ?")
                        .param(many)
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant())
                .isEqualTo(now.minusSeconds(MAX_SCANS - 1));
        assertThat(scans(jdbc, mixed)).containsExactlyInAnyOrder(justInside, fresh);

        // The younger start is left, and so are the younger and the pending delivery.
        assertThat(jdbc.sql("select count(*) from autoscan_start")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(jdbc.sql("select count(*) from webhook_delivery")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);

        // A second run finds nothing to remove.
        assertThat(retention.run()).isEmpty();
    }

    private static UUID instance(JdbcClient jdbc, String name) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at) values (?, 'p', ?, 'redis://h', ?)")
                .params(id, name, Instant.EPOCH.atOffset(ZoneOffset.UTC))
                .update();
        return id;
    }

    /** Inserts a scan with one sweep. Without an end, the scan is active. */
    private static UUID scan(JdbcClient jdbc, UUID instanceId, @Nullable Instant finishedAt) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at,"
                        + " finished_at)"
                        + " values (:id, :instanceId, :active, 'auto', :state, 60, :createdAt, :finishedAt)")
                .param("id", id)
                .param("instanceId", instanceId)
                .param("active", finishedAt == null ? instanceId : null)
                .param("state", finishedAt == null ? "running" : "success")
                .param("createdAt", Instant.EPOCH.atOffset(ZoneOffset.UTC))
                .param("finishedAt", finishedAt == null ? null : finishedAt.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,"
                        + " expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)"
                        + " values (?, 1, 'n', '0-16383', 0, 1, true, 1, 1, 1, true, true, false, 1, 1)")
                .param(id)
                .update();
        return id;
    }

    /** Inserts the record of a start that was skipped at a time. */
    private static void start(JdbcClient jdbc, UUID instanceId, Instant decidedAt) {
        jdbc.sql("insert into autoscan_start (id, instance_id, due_at, decided_at, cause, outcome, reason)"
                        + " values (?, ?, ?, ?, 'schedule', 'skipped', 'r')")
                .params(
                        UUID.randomUUID(),
                        instanceId,
                        decidedAt.atOffset(ZoneOffset.UTC),
                        decidedAt.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Inserts a delivery that was created long ago. Without an end, it is still pending. */
    private static void delivery(JdbcClient jdbc, @Nullable Instant finishedAt) {
        jdbc.sql("insert into webhook_delivery (id, webhook_id, type, body, state, round, attempts, created_at,"
                        + " finished_at) values (:id, (select id from webhook), 'scan.failed', '{}', :state, 0, 1,"
                        + " :createdAt, :finishedAt)")
                .param("id", UUID.randomUUID())
                .param("state", finishedAt == null ? "pending" : "dead")
                .param("createdAt", Instant.EPOCH.atOffset(ZoneOffset.UTC))
                .param("finishedAt", finishedAt == null ? null : finishedAt.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static List<UUID> scans(JdbcClient jdbc, UUID instanceId) {
        return jdbc.sql("select id from scan where instance_id = ?")
                .param(instanceId)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }
}
