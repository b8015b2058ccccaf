package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads entries of the audit log from SQL. Thread-safe. */
public final class AuditReader {

    private static final String COLUMNS = "select content, hash, signature from audit_entry";

    private final JdbcClient jdbc;

    /** Creates a reader of a database. */
    public AuditReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Says which entries to list; null means any.
     *
     * @param from earliest time
     * @param to the time before which entries are listed
     * @param actor access key id
     * @param action name of an operation, or IAM name of an action
     * @param resource kind or id of a resource
     * @param project project of the caller or of the resource
     * @param minStatus lowest HTTP status
     * @param maxStatus highest HTTP status
     */
    public record Filter(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String actor,
            @Nullable String action,
            @Nullable String resource,
            @Nullable String project,
            @Nullable Integer minStatus,
            @Nullable Integer maxStatus) {}

    /** Returns entries that match a filter, the newest first, with sequence numbers below {@code before}. */
    public List<AuditLine> list(Filter filter, long before, int limit) {
        StringBuilder sql = new StringBuilder(COLUMNS + " where seq < :before");
        and(sql, filter.from(), "written_at >= :from");
        and(sql, filter.to(), "written_at < :to");
        and(sql, filter.actor(), "actor = :actor");
        and(sql, filter.action(), "(operation = :action or permission = :action)");
        // A change of several resources names all of them in its content only.
        and(
                sql,
                filter.resource(),
                "(resource_kind = :resource or resource_id = :resource or position(:quoted in content) > 0)");
        and(sql, filter.project(), "(actor_project = :project or resource_project = :project)");
        and(sql, filter.minStatus(), "status >= :minStatus");
        and(sql, filter.maxStatus(), "status <= :maxStatus");
        return jdbc.sql(sql.append(" order by seq desc limit :limit").toString())
                .param("before", before)
                .param("from", utc(filter.from()))
                .param("to", utc(filter.to()))
                .param("actor", filter.actor())
                .param("action", filter.action())
                .param("resource", filter.resource())
                .param("quoted", "\"id\":\"" + filter.resource() + "\"")
                .param("project", filter.project())
                .param("minStatus", filter.minStatus())
                .param("maxStatus", filter.maxStatus())
                .param("limit", limit)
                .query((row, number) -> line(row))
                .list();
    }

    /**
     * Returns consecutive entries, the oldest first.
     *
     * @param after sequence number that all entries exceed
     * @param from earliest time of the first entry; null for any
     * @param to the time before which the last entry was written; null for any
     */
    public List<AuditLine> export(long after, @Nullable Instant from, @Nullable Instant to, int limit) {
        StringBuilder sql = new StringBuilder(COLUMNS + " where seq > :after");
        // By numbers and not by times, so that no entry is left out if the clock of a process goes backwards.
        and(sql, from, "seq >= (select coalesce(min(seq), 1) from audit_entry where written_at >= :from)");
        and(sql, to, "seq <= (select coalesce(max(seq), 0) from audit_entry where written_at < :to)");
        return jdbc.sql(sql.append(" order by seq limit :limit").toString())
                .param("after", after)
                .param("from", utc(from))
                .param("to", utc(to))
                .param("limit", limit)
                .query((row, number) -> line(row))
                .list();
    }

    private static void and(StringBuilder sql, @Nullable Object value, String condition) {
        if (value != null) {
            sql.append(" and ").append(condition);
        }
    }

    private static @Nullable Object utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    static AuditLine line(ResultSet row) throws SQLException {
        return new AuditLine(row.getString("content"), row.getString("hash"), row.getString("signature"));
    }
}
