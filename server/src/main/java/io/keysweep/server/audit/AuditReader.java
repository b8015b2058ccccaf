package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Reads pages of the audit log from the database: filtered for a list, or consecutive for an export. Thread-safe. */
public final class AuditReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String COLUMNS = "select seq, content, hash, signature from audit_entry";

    /**
     * A page ends early when its entries have this many characters, because the page is kept in memory. An entry about
     * a whole fleet can have several 100,000 characters.
     */
    private static final int MAX_PAGE_LENGTH = 4_000_000;

    /** The number of entries that one query reads, so that a page exceeds its length by few entries only. */
    private static final int BATCH = 20;

    private final JdbcClient jdbc;

    /** Creates a reader of a database. */
    public AuditReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Says which entries to list; null means any. An entry without an HTTP status matches no limit of the status.
     *
     * @param from earliest time
     * @param to the time before which entries are listed
     * @param actor id of the caller, such as an access key
     * @param action name of an operation, or IAM name of an action
     * @param resource kind or id of the resource that the call concerns, id of a changed resource, or id of the
     *     instance of a changed resource
     * @param project id of the project of the caller or of the resource
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

    /**
     * Holds consecutive results of a query.
     *
     * @param entries the entries
     * @param last sequence number of the last entry if more may follow; null if no more follow. More may follow if the
     *     page has as many entries as were asked for, or ends early
     */
    public record EntryPage(
            List<AuditLine> entries, @Nullable Long last) {

        public EntryPage {
            entries = List.copyOf(entries);
        }
    }

    /** Reads a part of a page from the database. */
    private interface AuditQuery {
        /**
         * Returns the next rows in the order of the query.
         *
         * @param beyond sequence number of the last row that was read, or the number at which the page begins
         * @param limit maximum number of rows
         */
        List<NumberedLine> read(long beyond, int limit);
    }

    /**
     * Holds an entry with the number of its row. The number in the entry's content can differ if somebody has changed
     * the content in the database. With such a number, pages would repeat or skip rows.
     */
    private record NumberedLine(long sequence, AuditLine line) {}

    /** Reads a page in batches, until it has {@code limit} entries or is too long, or no more follow. */
    private static EntryPage readPage(long beyond, int limit, AuditQuery query) {
        List<AuditLine> entries = new ArrayList<>();
        long last = beyond;
        long length = 0;
        while (entries.size() < limit && length < MAX_PAGE_LENGTH) {
            int size = Math.min(BATCH, limit - entries.size());
            List<NumberedLine> batch = query.read(last, size);
            for (NumberedLine row : batch) {
                entries.add(row.line());
                last = row.sequence();
                length += row.line().content().length();
            }
            if (batch.size() < size) {
                return new EntryPage(entries, /* last= */ null);
            }
        }
        return new EntryPage(entries, last);
    }

    /**
     * Returns entries that match a filter, the newest first.
     *
     * @param before sequence number below which entries are listed
     * @param limit maximum number of entries
     */
    public EntryPage list(Filter filter, long before, int limit) {
        StringBuilder sql = new StringBuilder(COLUMNS + " where seq < :before");
        appendCondition(sql, filter.from(), "written_at >= :from");
        appendCondition(sql, filter.to(), "written_at < :to");
        appendCondition(sql, filter.actor(), "actor = :actor");
        appendCondition(sql, filter.action(), "(operation = :action or permission = :action)");

        // The columns have only the resource that the call concerns. Other changed resources, and the instances of
        // resources, are found as text in the content. The search begins at the operation, because the ids of resources
        // follow it. The id of the caller comes before the operation, and must not match. Quotes inside a JSON text are
        // escaped, so no text can look like a field.
        appendCondition(sql, filter.resource(), """
                (resource_kind = :resource or resource_id = :resource
                or position(:id in substring(content from position(',"operation":"' in content))) > 0
                or position(:instance in content) > 0)""");

        appendCondition(sql, filter.project(), "(actor_project = :project or resource_project = :project)");
        appendCondition(sql, filter.minStatus(), "status >= :minStatus");
        appendCondition(sql, filter.maxStatus(), "status <= :maxStatus");

        String statement = sql.append(" order by seq desc limit :limit").toString();
        String quoted = JSON.writeValueAsString(filter.resource());
        return readPage(
                before,
                limit,
                (beyond, size) -> jdbc.sql(statement)
                        .param("before", beyond)
                        .param("from", utc(filter.from()))
                        .param("to", utc(filter.to()))
                        .param("actor", filter.actor())
                        .param("action", filter.action())
                        .param("resource", filter.resource())
                        .param("id", "\"id\":" + quoted)
                        .param("instance", ",\"instance\":" + quoted)
                        .param("project", filter.project())
                        .param("minStatus", filter.minStatus())
                        .param("maxStatus", filter.maxStatus())
                        .param("limit", size)
                        .query((row, number) -> new NumberedLine(row.getLong("seq"), line(row)))
                        .list());
    }

    /**
     * Returns consecutive entries, the oldest first.
     *
     * @param after sequence number after which the page begins
     * @param from leaves out the entries before the first entry that was written at this time or later; null leaves out
     *     no entry
     * @param to leaves out the entries after the last entry that was written before this time; null leaves out no entry
     * @param limit maximum number of entries
     */
    public EntryPage export(long after, @Nullable Instant from, @Nullable Instant to, int limit) {
        StringBuilder sql = new StringBuilder(COLUMNS + " where seq > :after");

        // The times choose a range of numbers. If they chose single entries, an entry of a process whose clock is wrong
        // would be left out, and the export would have a gap.
        appendCondition(
                sql,
                from,
                "seq >= (select coalesce(min(seq), 9223372036854775807) from audit_entry"
                        + " where written_at >= :from)");
        appendCondition(sql, to, "seq <= (select coalesce(max(seq), 0) from audit_entry where written_at < :to)");

        String statement = sql.append(" order by seq limit :limit").toString();
        return readPage(
                after,
                limit,
                (beyond, size) -> jdbc.sql(statement)
                        .param("after", beyond)
                        .param("from", utc(from))
                        .param("to", utc(to))
                        .param("limit", size)
                        .query((row, number) -> new NumberedLine(row.getLong("seq"), line(row)))
                        .list());
    }

    /** Appends a condition to a statement, unless the value that it compares is null. */
    private static void appendCondition(StringBuilder sql, @Nullable Object value, String condition) {
        if (value != null) {
            sql.append(" and ").append(condition);
        }
    }

    private static @Nullable Object utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    /** Returns the entry in a row with the columns {@code content}, {@code hash} and {@code signature}. */
    static AuditLine line(ResultSet row) throws SQLException {
        return new AuditLine(row.getString("content"), row.getString("hash"), row.getString("signature"));
    }
}
