package io.keysweep.server.audit;

import io.keysweep.server.retention.RetentionRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes the oldest entries of the audit log, and adds an entry that says which ones.
 *
 * <p>That entry has the hash of the last removed one, so that the rest of the chain stays verifiable. Entries go once a
 * day at most, and otherwise after a time of their own, not after that of ended scans. Thread-safe.
 */
public final class AuditRetention implements RetentionRule {

    /** Name of the operation in the entry that says what was removed. */
    private static final String OPERATION = "pruneAuditLog";

    /** How much longer than the limit the oldest entry stays, so that not every hour adds an entry. */
    private static final Duration GRACE = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final AuditLog log;
    private final TransactionTemplate transaction;
    private final Duration kept;
    private final InstantSource clock;

    /**
     * Creates a rule.
     *
     * @param kept how long entries are kept
     */
    public AuditRetention(
            JdbcClient jdbc, AuditLog log, TransactionTemplate transaction, Duration kept, InstantSource clock) {
        this.jdbc = jdbc;
        this.log = log;
        this.transaction = transaction;
        this.kept = kept;
        this.clock = clock;
    }

    /** Names the newest entry before a limit. */
    private record Last(long sequence, String hash) {}

    @Override
    public String subject() {
        return "audit entries";
    }

    /** Removes entries by the limit of the audit log; the limits of ended scans do not count. */
    @Override
    public int purge(Instant before, int maxPerInstance) {
        Instant limit = clock.instant().minus(kept);
        if (last(limit.minus(GRACE)) == null) {
            return 0;
        }
        return Objects.requireNonNull(transaction.execute(status -> {
            // Locked, so that two processes cannot both count the same entries.
            jdbc.sql("select seq from audit_head where id = 1 for update")
                    .query(Long.class)
                    .single();
            Last last = last(limit);
            return last == null ? 0 : remove(last);
        }));
    }

    private int remove(Last last) {
        int removed = jdbc.sql("delete from audit_entry where seq <= :last")
                .param("last", last.sequence())
                .update();
        ObjectNode fields = new AuditCall(null, null, OPERATION, null)
                .by("service", "retention", null)
                .json();
        // The field must be the last one before the hash of the entry before, see AuditLine.
        fields.putObject("pruned")
                .put("entries", removed)
                .put("through", last.sequence())
                .put("hash", last.hash());
        log.append(fields);
        return removed;
    }

    private @Nullable Last last(Instant limit) {
        return jdbc.sql("select seq, hash from audit_entry where written_at < :limit order by seq desc limit 1")
                .param("limit", limit.atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Last(row.getLong("seq"), row.getString("hash")))
                .optional()
                .orElse(null);
    }
}
