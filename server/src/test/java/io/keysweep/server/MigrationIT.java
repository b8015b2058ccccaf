package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of the first version, with everything in it that there can be, comes to the newest one whole. */
class MigrationIT {

    private static final String INSTANCE = "7f6d2a4e-7d8f-4c53-9a54-2f3a0f0f7a11";
    private static final String SCAN = "0b7a2a52-1c7b-4f3a-8f62-6f1f2d9c1e01";

    private static final List<String> TABLES = List.of(
            "project", "access_key", "instance", "scan", "sweep", "sweep_position", "autoscan", "scheduled_tasks");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void databaseOfVersion1_withData_isMigratedWhole(String dialect) throws Exception {
        DataSource dataSource =
                dialect.equals("h2") ? TestDatabase.h2OfVersion1(folder) : TestDatabase.postgresOfVersion1();
        JdbcClient jdbc = JdbcClient.create(dataSource);
        fill(jdbc);
        TestDatabase.migrated(dataSource, dialect);
        for (String table : TABLES) {
            assertThat(jdbc.sql("select count(*) from " + table)
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isEqualTo(1);
        }
        assertThat(jdbc.sql("select reclaimed from sweep").query(Long.class).single())
                .isEqualTo(5);
        // The new tables take rows of the old ones, and go with them.
        jdbc.sql("insert into sweep_hold (scan_id, round, node_id, reason, times, held_ms)"
                        + " select scan_id, round, node_id, 'r', 1, 1"
                        + " from sweep")
                .update();
        jdbc.sql("insert into instance_policy (instance_id, kind, document, set_by, set_at)"
                        + " select id, 'windows', '{}', 'AK', current_timestamp from instance")
                .update();
        jdbc.sql(
                        "insert into permit (execution, scan_id, project_id, host, age) select 'e', id, 'p', 'h', created_at from scan")
                .update();
        jdbc.sql("insert into sweep_interruption (scan_id, round, node_id, run, interrupted_at, reason)"
                        + " select scan_id, round, node_id, 1, current_timestamp, 'r' from sweep")
                .update();
        assertThat(jdbc.sql("select revision from instance")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(jdbc.sql("select runs from sweep").query(Integer.class).single())
                .isZero();
        jdbc.sql("insert into scan_held (scan_id, held_since) select id, current_timestamp from scan")
                .update();
        jdbc.sql("insert into instance_estimate (instance_id, document, made_by, made_at)"
                        + " select id, '{}', 'AK', current_timestamp from instance")
                .update();
        jdbc.sql("delete from instance").update();
        for (String table : List.of(
                "scan",
                "sweep",
                "sweep_position",
                "sweep_hold",
                "sweep_interruption",
                "permit",
                "instance_policy",
                "autoscan",
                "scan_held",
                "instance_estimate")) {
            assertThat(jdbc.sql("select count(*) from " + table)
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    private static void fill(JdbcClient jdbc) {
        for (String insert : List.of(
                "insert into project (id, name, created_at) values ('p', 'p', current_timestamp)",
                "insert into access_key (id, project_id, secret, actions, created_at)"
                        + " values ('AK', 'p', 's', '*', current_timestamp)",
                "insert into instance (id, project_id, name, uri, created_at) values ('" + INSTANCE
                        + "', 'p', 'i', 'redis://127.0.0.1', current_timestamp)",
                "insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values ('" + SCAN + "', '" + INSTANCE + "', '" + INSTANCE
                        + "', 'auto', 'running', 60, current_timestamp)",
                "insert into sweep (scan_id, node_id, attempt, finished, visited, reclaimed, expired_keys, exact, alone,"
                        + " steps_may_follow, fraction, longest_stall_us) values ('" + SCAN
                        + "', 'n', 1, false, 10, 5, 5, true, true, true, 0.5, 100)",
                "insert into sweep_position (scan_id, node_id, db, segment_bits, seed, segments_done) values ('" + SCAN
                        + "', 'n', 0, 4, 42, 3)",
                "insert into autoscan (instance_id, enabled, version, updated_at) values ('" + INSTANCE
                        + "', false, 1, current_timestamp)",
                "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', '" + SCAN + "/n', current_timestamp, false, 1)")) {
            jdbc.sql(insert).update();
        }
    }
}
