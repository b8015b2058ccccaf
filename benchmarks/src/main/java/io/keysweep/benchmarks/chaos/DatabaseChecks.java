package io.keysweep.benchmarks.chaos;

import static io.keysweep.testkit.Waits.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Checks during a chaos run that the service's records in its database stay correct.
 *
 * <p>A scan is a task of the service; it consists of a sweep of each primary. Database triggers log each change of a
 * scan's state and each forbidden write to a sweep. The triggers run in the service's own transactions, so no change is
 * missed.
 */
final class DatabaseChecks {

    /** The time within which the service must clean up after the last scan. */
    private static final Duration CLEAN_UP_TIMEOUT = Duration.ofSeconds(60);

    /**
     * Creates the tables and triggers that record what the service writes:
     *
     * <ul>
     *   <li>{@code chaos_change} receives each change of a scan's state.
     *   <li>{@code chaos_violation} receives each update that lowers a sweep's attempt (the number of the worker's
     *       claim) or its count of reclaimed keys. It also receives each update of this count, or of the end, of a
     *       sweep that has ended.
     * </ul>
     */
    private static final String TRIGGERS = """
            create table chaos_change (
                id bigserial primary key, scan_id uuid, instance_id uuid, before varchar(8), after varchar(8));
            create table chaos_violation (what varchar(200), sweep varchar(400));

            create function chaos_scan() returns trigger language plpgsql as $$
            begin
                if tg_op = 'INSERT' then
                    insert into chaos_change (scan_id, instance_id, after) values (new.id, new.instance_id, new.state);
                elsif new.state <> old.state then
                    insert into chaos_change (scan_id, instance_id, before, after)
                    values (new.id, new.instance_id, old.state, new.state);
                end if;
                return null;
            end $$;
            create trigger chaos_scan after insert or update on scan for each row execute function chaos_scan();

            create function chaos_sweep() returns trigger language plpgsql as $$
            declare what varchar(200) := case
                when new.attempt < old.attempt then 'attempt went back'
                when new.reclaimed < old.reclaimed then 'reclaimed went back'
                when old.finished and (not new.finished or new.reclaimed <> old.reclaimed) then 'written after its end'
            end;
            begin
                if what is not null then
                    insert into chaos_violation values (what, new.scan_id || '/' || new.node_id);
                end if;
                return null;
            end $$;
            create trigger chaos_sweep after update on sweep for each row execute function chaos_sweep();
            """;

    /**
     * Queries that must return no row once all scans have ended. The key of the map is the meaning of a row; the first
     * column identifies the record.
     */
    private static final Map<String, String> VIOLATIONS = new LinkedHashMap<>();

    static {
        VIOLATIONS.put("a scan without an end", "select id from scan where finished_at is null");
        VIOLATIONS.put("a scan with more or less than one end", """
                select scan_id from chaos_change group by scan_id
                having count(*) filter (where after in ('success', 'failed')) <> 1""");
        VIOLATIONS.put(
                "a change of state that is not allowed",
                "select scan_id || ' ' || before || ' to ' || after from chaos_change"
                        + " where before is not null and (before, after) not in (('waiting', 'running'), ('waiting', 'failed'),"
                        + " ('running', 'success'), ('running', 'failed'))");
        VIOLATIONS.put("two active scans of an instance at a time", """
                select scan_id from (
                    select scan_id, sum(case when before is null then 1 when after in ('success', 'failed') then -1 else 0 end)
                        over (partition by instance_id order by id) as active from chaos_change) as changes
                where active > 1""");
        VIOLATIONS.put("a write that is not allowed", "select what || ': ' || sweep from chaos_violation");
        VIOLATIONS.put("a sweep without an end", "select scan_id from sweep where not finished");
        VIOLATIONS.put(
                "a scan that failed by itself",
                "select id || ': ' || failure from scan where state = 'failed' and cancelled_at is null");
    }

    /**
     * Queries that must return no row within a minute after all scans have ended, because the service cleans up then.
     * The key of the map is the meaning of a row.
     */
    private static final Map<String, String> LEFTOVERS = Map.of(
            "executions",
                    "select task_name || ' ' || task_instance from scheduled_tasks where task_name in ('sweep', 'plan')",
            "permits", "select execution from permit",
            "holds", "select scope from hold",
            "open holds of sweeps", "select scan_id from sweep_hold where held_since is not null");

    private final String url;

    /**
     * Creates the checks.
     *
     * @param url the JDBC URL of the service's database
     */
    DatabaseChecks(String url) {
        this.url = url;
    }

    /** Installs the triggers. The service must have created its tables before, and no scan yet. */
    void installTriggers() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(TRIGGERS);
        }
    }

    /**
     * Waits until the records of ended scans are cleaned up, and then runs all checks. All scans must have ended.
     *
     * @param findings receives each failed check
     * @param exact whether each count of reclaimed keys must be exact; false if others than sweeps may have reclaimed
     *     keys
     */
    void checkAll(Findings findings, boolean exact) {
        LEFTOVERS.forEach((what, sql) -> {
            try {
                await("no " + what + " left")
                        .atMost(CLEAN_UP_TIMEOUT)
                        .until(() -> rows(sql).isEmpty());
            } catch (ConditionTimeoutException e) {
                findings.add(what + " left over: " + excerpt(rows(sql)));
            }
        });
        Map<String, String> violations = new LinkedHashMap<>(VIOLATIONS);
        if (exact) {
            violations.put("a count that is not exact", "select scan_id from sweep where not exact");
        }
        violations.forEach((what, sql) -> {
            List<String> rows = rows(sql);
            findings.check(rows.isEmpty(), what + ": " + excerpt(rows));
        });
    }

    /** Returns the number in the first column of the first row of a query, which must return a row. */
    long number(String sql) {
        return Long.parseLong(rows(sql).getFirst());
    }

    /** Returns the number of scans that have ended exactly once. */
    long scansWithOneEnd() {
        return number("select count(*) from (select scan_id from chaos_change group by scan_id"
                + " having count(*) filter (where after in ('success', 'failed')) = 1) as ended");
    }

    /** Returns the first column of each row of a query. */
    List<String> rows(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Returns the number of rows and the first three of them, for a finding. */
    private static String excerpt(List<String> rows) {
        return rows.size() + ", " + String.join("; ", rows.subList(0, Math.min(3, rows.size())));
    }
}
