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

/**
 * Checks that no other program has changed, removed, moved or added entries of the stored audit log. Thread-safe.
 *
 * <p>{@link AuditChain} checks the entries themselves (hashes, order and signatures), as it does for an exported file.
 * This class also checks the columns of the table, the head (the row that notes the newest entry), and the newest entry
 * that this process has written.
 */
public final class AuditVerifier {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The number of entries that are in memory at the same time. It is small, because an entry about a whole fleet can
     * be long.
     */
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

    /** Names an entry that must be in the log, because an auditor has noted its number and hash earlier. */
    public record Expected(long sequence, String hash) {}

    /** Holds a row of the table: the entry, and the columns that repeat parts of it. */
    private record StoredLine(long sequence, AuditLine line, AuditColumns columns) {}

    /**
     * Describes the log at one moment.
     *
     * @param headSequence sequence number of the newest entry, as the head notes it; 0 if the head is missing
     * @param hash hash of the newest entry, as the head notes it
     * @param first smallest sequence number in the table; 0 if the table is empty
     * @param last largest sequence number in the table; 0 if the table is empty
     */
    private record Bounds(long headSequence, String hash, long first, long last) {}

    /**
     * Verifies all entries that are stored now. Reads the whole log, and verifies each signature, so it can take long.
     * Entries that are added during the call are not verified.
     *
     * @param expected an entry that must be in the log; null for none
     */
    public AuditVerification verify(@Nullable Expected expected) {
        while (true) {
            // The newest entry of this process must be read before the bounds. In the other order, an entry that is
            // added between the two would seem to be missing.
            AuditLog.Head newestOfProcess = log.newestWritten();
            Bounds bounds = readBounds();
            AuditVerification verification = verify(expected, newestOfProcess, bounds);
            // Retention can remove entries while they are read, which looks like a gap. The verification is then
            // repeated. The loop ends, because retention removes entries only about once a day.
            if (verification.intact() || readBounds().first() == bounds.first()) {
                return verification;
            }
        }
    }

    /**
     * Verifies the entries up to the head that {@code bounds} names. The text of each problem continues a sentence that
     * begins with the number of the entry, such as 'entry 7'.
     */
    private AuditVerification verify(@Nullable Expected expected, AuditLog.Head newestOfProcess, Bounds bounds) {
        AuditChain chain = new AuditChain(signer.publicKey());
        checkOwnEntries(chain, newestOfProcess, bounds);
        boolean found = addEntries(chain, expected, newestOfProcess, bounds);
        chain.end(/* isExcerpt= */ false);
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

    /** Reports entries that this process has written, and that the log no longer has. */
    private void checkOwnEntries(AuditChain chain, AuditLog.Head newestOfProcess, Bounds bounds) {
        AuditLog.Removed removed = log.removed();
        if (removed != null) {
            chain.problem(
                    removed.from(),
                    "and all entries up to " + removed.through()
                            + " were removed or replaced: this process had written others");
        }
        if (bounds.headSequence() < newestOfProcess.sequence()) {
            chain.problem(
                    bounds.headSequence() + 1,
                    "and all entries up to " + newestOfProcess.sequence()
                            + " are missing: this process has written them");
        }
    }

    /**
     * Reads all entries up to the head in batches, and adds them to the chain, which checks each entry.
     *
     * @return whether the expected entry is among them; true if none is expected
     */
    private boolean addEntries(
            AuditChain chain, @Nullable Expected expected, AuditLog.Head newestOfProcess, Bounds bounds) {
        boolean found = expected == null;
        // The search begins at the smallest possible number, because an attacker can have inserted a row with a
        // negative one.
        long after = Long.MIN_VALUE;
        List<StoredLine> rows;
        do {
            rows = readRows(after, bounds.headSequence());
            for (StoredLine row : rows) {
                after = row.sequence();
                addEntry(chain, row, newestOfProcess);
                found |= expected != null
                        && expected.sequence() == row.sequence()
                        && expected.hash().equals(row.line().hash());
            }
        } while (rows.size() == BATCH);
        return found;
    }

    /** Adds one entry to the chain, and compares it with the columns and with what this process has written. */
    private static void addEntry(AuditChain chain, StoredLine row, AuditLog.Head newestOfProcess) {
        AuditLine line = row.line();
        chain.add(line);
        if (line.sequence() != row.sequence() || !row.columns().equals(parseColumns(line))) {
            chain.problem(row.sequence(), "was changed: a column differs from the content");
        }
        if (newestOfProcess.sequence() == row.sequence()
                && !newestOfProcess.hash().equals(line.hash())) {
            chain.problem(row.sequence(), "is not the entry that this process has written");
        }
    }

    /** Checks that the log ends at the entry that the head notes, and that the table has no newer rows. */
    private static void checkEnd(AuditChain chain, Bounds bounds) {
        if (chain.lastSequence() < bounds.headSequence()) {
            chain.problem(chain.lastSequence() + 1, "and all entries up to " + bounds.headSequence() + " are missing");
        } else if (!chain.lastHash().equals(bounds.hash())) {
            chain.problem(
                    bounds.headSequence(), "is not the newest entry that the service has noted: its hash differs");
        }
        if (bounds.last() > bounds.headSequence()) {
            chain.problem(
                    bounds.last(),
                    "is newer than entry " + bounds.headSequence() + ", the newest that the service has noted");
        }
    }

    /** Reads all bounds in one statement, so that no entry is added in between. */
    private Bounds readBounds() {
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

    /** Reads one batch of entries, whose sequence numbers are above {@code after} and at most {@code last}. */
    private List<StoredLine> readRows(long after, long last) {
        return jdbc.sql("select * from audit_entry where seq > :after and seq <= :last order by seq limit :limit")
                .param("after", after)
                .param("last", last)
                .param("limit", BATCH)
                .query((row, number) -> new StoredLine(row.getLong("seq"), AuditReader.line(row), AuditColumns.of(row)))
                .list();
    }

    /** Returns the columns that belong to the content of an entry; null if it is not JSON or has no valid time. */
    private static @Nullable AuditColumns parseColumns(AuditLine line) {
        try {
            return Optional.ofNullable(JSON.readTree(line.content()))
                    .map(AuditColumns::of)
                    .orElse(null);
        } catch (JacksonException | DateTimeException e) {
            return null;
        }
    }
}
