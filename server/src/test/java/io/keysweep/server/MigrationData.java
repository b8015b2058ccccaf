package io.keysweep.server;

import static java.util.Map.entry;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Adds data after each migration: a row to every new table, and a value to every new column. So each later migration
 * meets tables that are not empty. Flyway, which runs the migrations, calls this class.
 */
final class MigrationData extends BaseCallback {

    static final String SCAN = "0b7a2a52-1c7b-4f3a-8f62-6f1f2d9c1e01";

    private static final String INSTANCE = "7f6d2a4e-7d8f-4c53-9a54-2f3a0f0f7a11";
    private static final String WEBHOOK = "5a1de3a4-95b2-4a8e-9d0c-0f8a8c1c7f10";

    /** Begins a statement that works only at its own version, because later versions have other columns. */
    private static final String INSERT_OF_OLD_COLUMNS = "insert into idempotency_key ";

    /** Maps each version to the statements that run after its migration. */
    private static final Map<String, List<String>> STATEMENTS = Map.ofEntries(
            entry(
                    "1",
                    List.of(
                            "insert into project (id, name, created_at) values ('p', 'p', current_timestamp)",
                            "insert into access_key (id, project_id, secret, actions, created_at)"
                                    + " values ('AK', 'p', 's', '*', current_timestamp)",
                            "insert into instance (id, project_id, name, uri, created_at) values ('" + INSTANCE
                                    + "', 'p', 'i', 'redis://127.0.0.1', current_timestamp)",
                            "insert into scan (id, instance_id, active_instance_id, scan_type, state,"
                                    + " timeout_seconds, created_at) values ('" + SCAN + "', '" + INSTANCE + "', '"
                                    + INSTANCE + "', 'auto', 'running', 60, current_timestamp)",
                            "insert into sweep (scan_id, node_id, attempt, finished, visited, reclaimed, expired_keys,"
                                    + " exact, alone, steps_may_follow, fraction, longest_stall_us) values ('" + SCAN
                                    + "', 'n', 1, false, 10, 5, 5, true, true, true, 0.5, 100)",
                            "insert into sweep_position (scan_id, node_id, db, segment_bits, seed, segments_done)"
                                    + " values ('" + SCAN + "', 'n', 0, 4, 42, 3)",
                            "insert into autoscan (instance_id, enabled, version, updated_at) values ('" + INSTANCE
                                    + "', false, 1, current_timestamp)",
                            "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                                    + " values ('sweep', '" + SCAN + "/n', current_timestamp, false, 1)")),
            entry(
                    "2",
                    List.of("update instance set sentinel_username = 'u', sentinel_secret = 's', node_map = 'm',"
                            + " shards = 3")),
            entry(
                    "3",
                    List.of(
                            "insert into hold (scope, held_by, held_at) values ('*', 'AK', current_timestamp)",
                            INSERT_OF_OLD_COLUMNS + "(project_id, idem_key, request, scan_id, created_at)"
                                    + " select 'p', 'k', 'r', id, current_timestamp from scan",
                            "update scan set paused_by = 'AK', paused_at = current_timestamp, share = 0.5,"
                                    + " control_version = 2")),
            entry(
                    "4",
                    List.of(
                            "insert into project_policy (project_id, kind, document, set_by, set_at)"
                                    + " values ('p', 'windows', '{}', 'AK', current_timestamp)",
                            "insert into instance_policy (instance_id, kind, document, set_by, set_at)"
                                    + " select id, 'start', '{}', 'AK', current_timestamp from instance",
                            "insert into autoscan_start (id, instance_id, due_at, decided_at, cause, outcome, reason)"
                                    + " select id, id, created_at, created_at, 'schedule', 'skipped', 'r'"
                                    + " from instance",
                            "insert into memory_watch (instance_id, node_id, run_id, evicted_keys, seen_at)"
                                    + " select id, 'n', 'r', 7, current_timestamp from instance",
                            "insert into sweep_hold (scan_id, round, node_id, reason, times, held_ms)"
                                    + " select scan_id, round, node_id, 'r', 1, 1 from sweep")),
            entry("5", List.of("update sweep_position set segment_bits = null, slot_run_bits = 3")),
            entry(
                    "6",
                    List.of(
                            "insert into permit (execution, scan_id, project_id, host, age)"
                                    + " select 'e', id, 'p', 'h', created_at from scan",
                            "insert into worker (id, host, pid, roles, version, heartbeat_ms, started_at, heartbeat_at)"
                                    + " values ('w', 'h', 1, 'api', 'v', 1, current_timestamp, current_timestamp)")),
            entry(
                    "7",
                    List.of(
                            "insert into webhook (id, project_id, url, events, held_seconds, enabled, secret, version,"
                                    + " created_by, created_at) values ('" + WEBHOOK
                                    + "', 'p', 'http://h', 'scan.failed', 1, true, 's', 3, 'AK', current_timestamp)",
                            "insert into webhook_delivery (id, webhook_id, type, body, state, round, attempts,"
                                    + " created_at)"
                                    + " select id, id, 'scan.failed', '{}', 'pending', 1, 2, created_at from webhook",
                            "insert into scan_held (scan_id, held_since) select id, current_timestamp from scan",
                            "insert into webhook_held (webhook_id, scan_id) select webhook.id, scan.id"
                                    + " from webhook, scan",
                            "insert into instance_estimate (instance_id, document, made_by, made_at)"
                                    + " select id, '{}', 'AK', current_timestamp from instance")),
            entry("8", List.of("update sweep set replication_id = 'r'")),
            entry("9", List.of("update instance set tls_ca = 'c', revision = 4, updated_at = current_timestamp")),
            entry(
                    "10",
                    List.of(
                            "insert into sweep_interruption (scan_id, round, node_id, run, interrupted_at, reason)"
                                    + " select scan_id, round, node_id, 1, current_timestamp, 'r' from sweep",
                            "update sweep set runs = 2, run_by = 'w', inflow = -3")),
            entry("12", List.of("update sweep set swaps = 3, epoch = 9")),
            entry(
                    "13",
                    List.of("update sweep set uncounted_at_most = 9, uncounted_likely = 3, steps_start_before_us = 7,"
                            + " client_id = 5, expiry_traces = '1 0.00'")),
            entry(
                    "14",
                    List.of(
                            "insert into scan_event (scan_id, type, began_at, why, scope, node_id)"
                                    + " select id, 'held', created_at, 'r', 'all', 'n' from scan",
                            "update sweep set last_worker = 'w', primary_id = 'n'")),
            entry(
                    "15",
                    List.of(
                            "insert into sweep_database (scan_id, round, node_id, db, visited, reclaimed, keys_before,"
                                    + " expires_before) select scan_id, round, node_id, 7, 9, 5, 9, 5 from sweep",
                            "update sweep set run_before = 'r', run_after = 'r'",
                            "insert into scan_reading (scan_id, moment, document)"
                                    + " select id, 'before', '[]' from scan")),
            entry("16", List.of("update instance set tags = '{\"env\":\"prod\"}', replicas = 2")),
            entry("17", List.of("insert into master_key_check (id, sealed) values (1, 's')")),
            entry(
                    "18",
                    List.of("insert into console_session (id, access_key, created_at, seen_at)"
                            + " values ('h', 'AK', current_timestamp, current_timestamp)")),
            entry("19", List.of("update worker set threads = 16")),
            entry(
                    "20",
                    List.of(
                            "insert into audit_entry (seq, written_at, operation, content, hash, signature)"
                                    + " values (1, current_timestamp, 'o', '{}', 'h', 's')",
                            "insert into audit_intent (id, process, begun_at, content, seal)"
                                    + " values ('i', 'w', current_timestamp, '{}', 's')")),
            entry(
                    "21",
                    List.of(
                            "insert into scan_approval (id, instance_id, state, request, asked, above, requested_by,"
                                    + " requested_at, expires_at) select id, id, 'pending', '{}', 'a', 'b', 'AK',"
                                    + " current_timestamp, current_timestamp from instance",
                            "update scan set approved_by = 'AK'")),
            entry("22", List.of("update scan set instance_name = 'i', instance_uri = 'redis://127.0.0.1'")),
            entry("23", List.of("update scan set trace = 't'")),
            entry(
                    "24",
                    List.of("insert into access_policy (project_id, name, document, version, updated_at, updated_by)"
                            + " values ('p', 'n', '[]', 1, current_timestamp, 'AK')")),
            entry(
                    "25",
                    List.of("insert into user_account (name, project_id, password, credential, policies, created_at)"
                            + " values ('alice', 'p', 'h', 'c', 'viewer', current_timestamp)")),
            entry(
                    "26",
                    List.of(
                            "insert into instance_trend (id, instance_id, measured_at, minutes, scans, reclaimed,"
                                    + " visited, dead_keys) values ('" + WEBHOOK + "', '" + INSTANCE
                                    + "', current_timestamp, 0, 1, 5, 10, 7)",
                            "insert into sweep_sample (scan_id, round, node_id, sampled_at, visited, reclaimed, share,"
                                    + " step_us, slowed_by) select scan_id, round, node_id, current_timestamp, 10, 5,"
                                    + " 0.25, 400, 'latency' from sweep")),
            entry(
                    "27",
                    List.of(
                            "update instance set assist = true",
                            "update scan set assist = 'before'",
                            "insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt,"
                                    + " in_use) select 'n', instance_id, id, 1, 'n', 1, true from scan",
                            "insert into sweep_assist (scan_id, round, node_id, began_at, ending, reclaimed)"
                                    + " select scan_id, round, node_id, current_timestamp, 'LITTLE_LEFT', 7"
                                    + " from sweep")),
            entry("28", List.of("update console_session set person = 'alice'")),
            entry("29", List.of("update access_key set user_name = 'alice'")),
            entry(
                    "30",
                    List.of("update sweep set deletion_history = 'r', deletion_offset = 7,"
                            + " server_away_since = current_timestamp")),
            entry("33", List.of("update permit set queued_at = current_timestamp")),
            entry(
                    "34",
                    List.of("insert into instance_cliff (instance_id, begins_at, ends_at, backlog, expected)"
                            + " select id, current_timestamp, current_timestamp, 7, true from instance")),
            entry("35", List.of("update sweep_sample set wait_us = 900")));

    /** Returns the statements of all versions after the given one, except those that fail at the newest version. */
    static List<String> after(String version) {
        Map<MigrationVersion, List<String>> inOrder = new TreeMap<>();
        STATEMENTS.forEach((number, statements) -> inOrder.put(MigrationVersion.fromVersion(number), statements));
        return inOrder.entrySet().stream()
                .filter(entry -> entry.getKey().isNewerThan(MigrationVersion.fromVersion(version)))
                .flatMap(entry -> entry.getValue().stream())
                .filter(statement -> !statement.startsWith(INSERT_OF_OLD_COLUMNS))
                .toList();
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        String version = String.valueOf(context.getMigrationInfo().getVersion());
        try (Statement statement = context.getConnection().createStatement()) {
            for (String sql : STATEMENTS.getOrDefault(version, List.of())) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("version " + version, e);
        }
    }
}
