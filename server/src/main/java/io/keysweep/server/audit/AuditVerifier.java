package io.keysweep.server.audit;

import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditChain;
import io.keysweep.api.audit.AuditLine;
import java.time.DateTimeException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Verifies the stored audit log: hashes, order, signatures, columns and its newest entry. Thread-safe. */
public final class AuditVerifier {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Few, because one about a whole fleet can be long. */
    private static final int BATCH = 100;

    private final JdbcClient jdbc;
    private final AuditSigner signer;
    private final AuditLog log;

    /** Creates a verifier of the log of a database. */
    public AuditVerifier(JdbcClient jdbc, AuditSigner signer, AuditLog log) {
        this.jdbc = jdbc;
        this.signer = signer;
        this.log = log;
    }

    /** Names an entry that must be in the log, because somebody has noted it. */
    public record Expected(long sequence, String hash) {}

    /** Holds a row of the table: the entry, and the columns that repeat parts of it. */
    private record Row(long sequence, AuditLine line, AuditColumns columns) {}

    /** Describes the table at one moment: its noted newest entry, and the smallest and the largest sequence number. */
    private record Bounds(long head, String hash, long first, long last) {}

    /** Verifies all entries that are stored now. */
    public AuditVerification verify(@Nullable Expected expected) {
        while (true) {
            // First what this process has written, because entries may be added at any time.
            AuditLog.Head written = log.newestWritten();
            Bounds bounds = bounds();
            AuditVerification verification = verify(expected, written, bounds);
            // Retention can remove entries before they are read. It does so once a day.
            if (verification.intact() || bounds().first() == bounds.first()) {
                return verification;
            }
        }
    }

    private AuditVerification verify(@Nullable Expected expected, AuditLog.Head written, Bounds bounds) {
        AuditChain chain = new AuditChain(signer.publicKey());
        AuditLog.Removed removed = log.removed();
        if (removed != null) {
            chain.problem(
                    removed.from(),
                    "and all entries up to " + removed.through()
                            + " were removed or replaced: this process had written others");
        }
        if (bounds.head() < written.sequence()) {
            chain.problem(
                    bounds.head() + 1,
                    "and all entries up to " + written.sequence() + " are missing: this process has written them");
        }
        boolean found = expected == null;
        long after = Long.MIN_VALUE;
        List<Row> rows;
        do {
            rows = rows(after, bounds.head());
            for (Row row : rows) {
                AuditLine line = row.line();
                after = row.sequence();
                chain.add(line);
                if (line.sequence() != row.sequence() || !row.columns().equals(columns(line))) {
                    chain.problem(row.sequence(), "was changed: a column differs from the content");
                }
                if (written.sequence() == row.sequence() && !written.hash().equals(line.hash())) {
                    chain.problem(row.sequence(), "is not the entry that this process has written");
                }
                found = found
                        || (expected != null
                                && expected.sequence() == row.sequence()
                                && expected.hash().equals(line.hash()));
            }
        } while (rows.size() == BATCH);
        chain.end(/* part= */ false);
        checkEnd(chain, bounds);
        if (expected != null && !found) {
            chain.problem(expected.sequence(), "with the given hash is not in the log");
        }
        return new AuditVerification(
                chain.problems().isEmpty(),
                chain.entries(),
                chain.first(),
                chain.lastSequence(),
                chain.lastHash(),
                signer.publicKeyText(),
                chain.problems(),
                chain.omitted());
    }

    private static void checkEnd(AuditChain chain, Bounds bounds) {
        if (chain.lastSequence() < bounds.head()) {
            chain.problem(chain.lastSequence() + 1, "and all entries up to " + bounds.head() + " are missing");
        } else if (!chain.lastHash().equals(bounds.hash())) {
            chain.problem(bounds.head(), "is not the newest entry that the service has noted: its hash differs");
        }
        if (bounds.last() > bounds.head()) {
            chain.problem(
                    bounds.last(), "is newer than entry " + bounds.head() + ", the newest that the service has noted");
        }
    }

    /** Reads the bounds in one statement, so that no entry is added meanwhile. */
    private Bounds bounds() {
        return jdbc.sql("""
                        select (select max(seq) from audit_head where id = 1) as head,
                            (select max(hash) from audit_head where id = 1) as hash,
                            coalesce(min(seq), 0) as first_seq, coalesce(max(seq), 0) as last_seq from audit_entry
                        """)
                .query((row, number) -> new Bounds(
                        row.getLong("head"),
                        Objects.requireNonNullElse(row.getString("hash"), "missing"),
                        row.getLong("first_seq"),
                        row.getLong("last_seq")))
                .single();
    }

    private List<Row> rows(long after, long last) {
        return jdbc.sql("select * from audit_entry where seq > :after and seq <= :last order by seq limit :limit")
                .param("after", after)
                .param("last", last)
                .param("limit", BATCH)
                .query((row, number) -> new Row(row.getLong("seq"), AuditReader.line(row), AuditColumns.of(row)))
                .list();
    }

    /** Returns the columns that belong to an entry; null if its content is not that of an entry. */
    private static @Nullable AuditColumns columns(AuditLine line) {
        try {
            return Optional.ofNullable(JSON.readTree(line.content()))
                    .map(AuditColumns::of)
                    .orElse(null);
        } catch (JacksonException | DateTimeException e) {
            return null;
        }
    }
}
