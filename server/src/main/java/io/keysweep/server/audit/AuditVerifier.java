package io.keysweep.server.audit;

import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditChain;
import io.keysweep.api.audit.AuditLine;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Verifies the stored audit log: hashes, order, signatures, columns and its newest entry. Thread-safe. */
public final class AuditVerifier {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BATCH = 1000;

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

    /** Verifies all entries that are stored now. */
    public AuditVerification verify(@Nullable Expected expected) {
        long written = log.newestWritten();
        Expected head = head();
        AuditChain chain = new AuditChain(signer.publicKey());
        if (head.sequence() < written) {
            chain.problem(
                    head.sequence() + 1,
                    "and all entries up to " + written + " are missing: this process has written them");
        }
        boolean found = expected == null;
        long after = -1;
        List<Row> rows;
        do {
            rows = rows(after, head.sequence());
            for (Row row : rows) {
                after = row.sequence();
                chain.add(row.line());
                if (row.line().sequence() != row.sequence() || !row.columns().equals(columns(row.line()))) {
                    chain.problem(row.sequence(), "was changed: a column differs from the content");
                }
                found = found
                        || (expected != null
                                && expected.sequence() == row.sequence()
                                && expected.hash().equals(row.line().hash()));
            }
        } while (rows.size() == BATCH);
        chain.end(/* part= */ false);
        if (chain.lastSequence() < head.sequence()) {
            chain.problem(chain.lastSequence() + 1, "and all entries up to " + head.sequence() + " are missing");
        } else if (!chain.lastHash().equals(head.hash())) {
            chain.problem(head.sequence(), "is not the newest entry that the service has noted: its hash differs");
        }
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

    private Expected head() {
        return jdbc.sql("select seq, hash from audit_head where id = 1")
                .query((row, number) -> new Expected(row.getLong("seq"), row.getString("hash")))
                .optional()
                .orElse(new Expected(0, "missing"));
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
