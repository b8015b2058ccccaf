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
 * Removes the oldest entries of the audit log, and adds an entry that says which entries were removed.
 *
 * <p>The added entry contains the hash of the last removed entry, so that the remaining chain can still be verified.
 * The audit log has its own retention time, which does not depend on the retention time of ended scans.
 *
 * <p>The service calls this class every hour. It removes entries only when the oldest entry is a day older than the
 * limit, that is, about once a day, so that it adds few entries. Thread-safe.
 */
public final class AuditRetention implements RetentionRule {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Name of the operation in the entry that says what was removed. */
    private static final String OPERATION = "pruneAuditLog";

    /** The time by which the oldest entry must be older than the limit before entries are removed. */
    private static final Duration GRACE = Duration.ofDays(1);

    /**
     * An entry whose time is further in the future was written by a process whose clock was wrong. Such an entry is
     * ignored; otherwise it would keep all later entries from being removed until its time comes.
     */
    private static final Duration MAX_CLOCK_ERROR = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);

    private final JdbcClient jdbc;
    private final AuditLog log;
    private final AuditSigner signer;
    private final TransactionTemplate transaction;
    private final Duration retentionTime;
    private final InstantSource clock;

    /**
     * Creates a rule.
     *
     * @param signer verifies the newest entry to remove, so that times that were changed in the database cannot make
     *     the service remove entries
     * @param retentionTime how long entries are kept
     */
    public AuditRetention(
            JdbcClient jdbc,
            AuditLog log,
            AuditSigner signer,
            TransactionTemplate transaction,
            Duration retentionTime,
            InstantSource clock) {
        this.jdbc = jdbc;
        this.log = log;
        this.signer = signer;
        this.transaction = transaction;
        this.retentionTime = retentionTime;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "audit entries";
    }

    /**
     * Removes entries by the retention time of the audit log. Both parameters are ignored, because they are the limits
     * of ended scans.
     *
     * @return number of removed entries; 0 as well if the newest entry to remove was changed in the database, which is
     *     logged
     */
    @Override
    public int purge(Instant before, int maxPerInstance) {
        Instant limit = clock.instant().minus(retentionTime);
        if (findLastBefore(limit.minus(GRACE)).isEmpty()) {
            return 0;
        }
        // The entry that announces the removal is added first, because the other order would leave an unexplained gap
        // after a crash. The removal follows in batches outside of that transaction, so that other entries need not
        // wait for it.
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

    /**
     * Adds the entry about the entries that will be removed.
     *
     * @return sequence number of the last entry to remove; null if there is none, or if that entry was changed in the
     *     database
     */
    private @Nullable Long announce(Instant limit) {
        // The head is locked, so that no other process adds or removes entries until this transaction ends.
        log.lockHead();
        AuditLine last = findLastBefore(limit).orElse(null);
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
        ObjectNode fields = AuditCall.ofService(OPERATION, "retention").json();
        // This field must be added last, because AuditLine finds it only at the end of the content, where nothing but
        // the hash of the entry before follows.
        fields.putObject("pruned")
                .put("entries", entries)
                .put("through", last.sequence())
                .put("hash", last.hash());
        log.append(fields);
        return last.sequence();
    }

    /** Returns whether the time in the signed content of an entry is before a limit. */
    private static boolean isBefore(Instant limit, AuditLine line) {
        return AuditColumns.of(JSON.readTree(line.content())).time().isBefore(limit);
    }

    /**
     * Returns the last entry that retention may remove by its time: all entries up to it were written before a limit.
     * Entries whose time is far in the future are ignored, because the clock of their process was wrong. Returns empty
     * if the first entry of the chain is not old enough.
     */
    private Optional<AuditLine> findLastBefore(Instant limit) {
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
