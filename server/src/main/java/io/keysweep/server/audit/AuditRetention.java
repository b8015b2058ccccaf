package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;
import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes the oldest entries of the audit log, and adds an entry that says which ones.
 *
 * <p>That entry has the hash of the last removed one, so that the rest of the chain stays verifiable. Entries go once a
 * day at most, and otherwise after a time of their own, not after that of ended scans. Thread-safe.
 */
public final class AuditRetention implements RetentionRule {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Name of the operation in the entry that says what was removed. */
    private static final String OPERATION = "pruneAuditLog";

    /** How much longer than the limit the oldest entry stays, so that not every hour adds an entry. */
    private static final Duration GRACE = Duration.ofDays(1);

    /** An entry with a later time than this after the present was written by a clock that was wrong. */
    private static final Duration MAX_CLOCK_ERROR = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);

    private final JdbcClient jdbc;
    private final AuditLog log;
    private final AuditSigner signer;
    private final TransactionTemplate transaction;
    private final Duration kept;
    private final InstantSource clock;

    /**
     * Creates a rule.
     *
     * @param signer verifies the newest entry to remove, because somebody can have changed the times in the database
     * @param kept how long entries are kept
     */
    public AuditRetention(
            JdbcClient jdbc,
            AuditLog log,
            AuditSigner signer,
            TransactionTemplate transaction,
            Duration kept,
            InstantSource clock) {
        this.jdbc = jdbc;
        this.log = log;
        this.signer = signer;
        this.transaction = transaction;
        this.kept = kept;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "audit entries";
    }

    /** Removes entries by the limit of the audit log; the limits of ended scans do not count. */
    @Override
    public int purge(Instant before, int maxPerInstance) {
        Instant limit = clock.instant().minus(kept);
        if (last(limit.minus(GRACE)).isEmpty()) {
            return 0;
        }
        // First the entry that names them, then the entries, in batches that do not hold the lock of the chain.
        Optional<Long> announced =
                log.exclusively(() -> Optional.ofNullable(transaction.execute(status -> announce(limit))));
        if (announced.isEmpty()) {
            return 0;
        }
        long through = announced.get();
        return BatchedDelete.run(size ->
                jdbc.sql("""
                        delete from audit_entry where seq in
                            (select seq from audit_entry where seq <= :through order by seq limit :size)
                        """).param("through", through).param("size", size).update());
    }

    /** Adds the entry about those that will be removed, and returns the last of them; null for none. */
    private @Nullable Long announce(Instant limit) {
        jdbc.sql("select seq from audit_head where id = 1 for update")
                .query(Long.class)
                .single();
        AuditLine last = last(limit).orElse(null);
        if (last == null) {
            return null;
        }
        if (!last.hasRightHash() || !last.isSigned(signer.publicKey()) || !isBefore(limit, last)) {
            LOG.error(
                    "Somebody has changed entry {} of the audit log in the database, or its time: retention removes"
                            + " nothing. 'keysweep audit verify' shows what is wrong.",
                    last.sequence());
            return null;
        }
        long entries = jdbc.sql("select count(*) from audit_entry where seq <= :through")
                .param("through", last.sequence())
                .query(Long.class)
                .single();
        ObjectNode fields = new AuditCall(null, null, OPERATION, null)
                .by("service", "retention", null)
                .json();
        // The field must be the last one before the hash of the entry before, see AuditLine.
        fields.putObject("pruned")
                .put("entries", entries)
                .put("through", last.sequence())
                .put("hash", last.hash());
        log.append(fields);
        return last.sequence();
    }

    private static boolean isBefore(Instant limit, AuditLine line) {
        return AuditColumns.of(JSON.readTree(line.content())).time().isBefore(limit);
    }

    /** Returns the last of the oldest entries that were all written before a limit. */
    private Optional<AuditLine> last(Instant limit) {
        return jdbc.sql("""
                        select content, hash, signature from audit_entry where seq <
                            (select coalesce(min(seq), 9223372036854775807) from audit_entry
                            where written_at >= :limit and written_at < :latest)
                        and written_at < :limit order by seq desc limit 1
                        """)
                .param("limit", limit.atOffset(ZoneOffset.UTC))
                .param("latest", clock.instant().plus(MAX_CLOCK_ERROR).atOffset(ZoneOffset.UTC))
                .query((row, number) -> AuditReader.line(row))
                .optional();
    }
}
