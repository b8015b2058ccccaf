package io.keysweep.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AuditProblem;
import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/** Tests the chain of entries on real databases: what is added, what is removed, and what an attacker changes. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AuditLogIT {

    private static final AuditSigner SIGNER = AuditSigner.of(new byte[32]);

    private final String dialect;
    private final ManualClock clock = new ManualClock();
    private final List<AuditLine> forwarded = new CopyOnWriteArrayList<>();
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private AuditLog log;
    private AuditVerifier verifier;

    AuditLogIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void create(@TempDir Path folder) {
        DataSource database = dialect.equals("h2") ? TestDatabase.h2(folder) : TestDatabase.postgres();
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        log = log(SIGNER);
        verifier = new AuditVerifier(jdbc, SIGNER, log(SIGNER));
    }

    private AuditLog log(AuditSigner signer) {
        return new AuditLog(jdbc, transaction, signer, forwarded::add, clock);
    }

    private static ObjectNode entry(String id) {
        return new AuditCall("r-" + id, "10.0.0.1", "createScan", new AuditResource("scan", id, "é", "p"))
                .by("access-key", "AK", "p")
                .json()
                .put("status", 201)
                .put("note", "\u2028\u202e");
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            log.append(entry("s" + i));
        }
    }

    private List<AuditLine> lines() {
        return new AuditReader(jdbc).export(0, null, null, 1000);
    }

    @Test
    void entries_formOneChain_thatAnybodyCanRecompute() {
        append(5);

        AuditVerification verification = verifier.verify(null);
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.intact()).isTrue();
        assertThat(List.of(verification.first(), verification.last(), verification.entries()))
                .containsExactly(1L, 5L, 5L);
        List<AuditLine> lines = lines();
        assertThat(lines).isEqualTo(forwarded).hasSize(5);
        assertThat(lines.getFirst().previous()).isEqualTo(AuditLine.NO_HASH);
        // The recipe of docs/audit.md: the line without its last two fields.
        String line = lines.get(1).line();
        String content = line.replaceFirst(",\"hash\":\"[0-9a-f]{64}\",\"signature\":\"[^\"]*\"\\}$", "}");
        assertThat(AuditLine.hashOf(content)).isEqualTo(lines.get(1).hash());
        assertThat(content)
                .startsWith("{\"sequence\":2,\"time\":\"")
                .contains("\\u2028\\u202e")
                .endsWith(",\"previous\":\"" + lines.getFirst().hash() + "\"}");
        assertThat(lines).allMatch(entry -> entry.isSigned(SIGNER.publicKey()));
    }

    @Test
    void severalProcesses_writeOneChain() throws Exception {
        int threads = 4;
        int each = 25;
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                AuditLog process = log(SIGNER);
                writers.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        process.append(entry("s" + i));
                    }
                }));
            }
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        AuditVerification verification = verifier.verify(null);
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.last()).isEqualTo(threads * each);
    }

    @Test
    void transaction_thatIsRolledBack_addsNothing() {
        append(1);
        transaction.executeWithoutResult(status -> {
            log.append(entry("lost"));
            status.setRollbackOnly();
        });
        append(1);

        assertThat(verifier.verify(null).problems()).isEmpty();
        assertThat(verifier.verify(null).last()).isEqualTo(2);
        assertThat(forwarded).hasSize(2);
    }

    @Test
    void tampering_isFound() {
        append(20);
        assertThat(problemsAfter("update audit_entry set content = replace(content, 's9', 's8') where seq = 10"))
                .contains(10L);
        assertThat(problemsAfter("update audit_entry set status = 403 where seq = 10"))
                .contains(10L);
        assertThat(problemsAfter("delete from audit_entry where seq = 10")).contains(10L);
        assertThat(problemsAfter("delete from audit_entry where seq <= 3")).contains(1L);
        assertThat(problemsAfter("delete from audit_entry where seq = 20")).contains(20L);
        assertThat(problemsAfter("delete from audit_entry")).contains(1L);
        assertThat(problemsAfter(
                        "update audit_entry set seq = 100 where seq = 5",
                        "update audit_entry set seq = 5 where seq = 6",
                        "update audit_entry set seq = 6 where seq = 100"))
                .contains(5L, 6L);
        assertThat(problemsAfter("update audit_entry set signature = 'AAAA' where seq = 20"))
                .contains(20L);
        assertThat(verifier.verify(null).problems()).isEmpty();
    }

    /** An attacker who can write to the database can compute all hashes again, but not the signatures. */
    @Test
    void chain_thatWasComputedAgain_hasWrongSignatures() {
        append(5);
        transaction.executeWithoutResult(status -> {
            jdbc.sql("delete from audit_entry where seq >= 4").update();
            jdbc.sql("update audit_head set seq = 3, hash = :hash")
                    .param("hash", lines().getLast().hash())
                    .update();
        });
        AuditLog forger = log(AuditSigner.of(otherSeed()));
        forger.append(entry("forged"));
        forger.append(entry("forged"));

        assertThat(verifier.verify(null).problems())
                .extracting(AuditProblem::sequence)
                .containsExactly(4L);
    }

    private static byte[] otherSeed() {
        byte[] seed = new byte[32];
        seed[0] = 1;
        return seed;
    }

    /** Whoever removes the end of the log and moves its head is found by an entry that was noted before. */
    @Test
    void end_thatWasRemovedWithItsHead_isFoundByANotedEntry() {
        append(5);
        String noted = lines().getLast().hash();
        assertThat(verifier.verify(new AuditVerifier.Expected(5, noted)).intact())
                .isTrue();
        jdbc.sql("delete from audit_entry where seq = 5").update();
        jdbc.sql("update audit_head set seq = 4, hash = :hash")
                .param("hash", lines().getLast().hash())
                .update();

        assertThat(verifier.verify(null).intact()).isTrue();
        assertThat(verifier.verify(new AuditVerifier.Expected(5, noted)).problems())
                .extracting(AuditProblem::sequence)
                .containsExactly(5L);
        // A process that has written the entry remembers it.
        assertThat(new AuditVerifier(jdbc, SIGNER, log).verify(null).intact()).isFalse();
    }

    @Test
    void retention_removesOldEntries_andKeepsTheChainVerifiable() {
        AuditRetention retention = new AuditRetention(jdbc, log, transaction, Duration.ofDays(365), clock);
        append(3);
        clock.advance(Duration.ofDays(365));
        append(2);
        assertThat(retention.purge(clock.instant(), 1)).isZero();
        clock.advance(Duration.ofDays(2));
        assertThat(retention.purge(clock.instant(), 1)).isEqualTo(3);

        AuditVerification verification = verifier.verify(null);
        assertThat(verification.problems()).isEmpty();
        assertThat(List.of(verification.first(), verification.last())).containsExactly(4L, 6L);
        assertThat(problemsAfter("delete from audit_entry where seq = 4")).contains(1L);
        assertThat(problemsAfter("delete from audit_entry where seq <= 5")).contains(1L);

        clock.advance(Duration.ofDays(370));
        assertThat(retention.purge(clock.instant(), 1)).isEqualTo(3);
        assertThat(verifier.verify(null).problems()).isEmpty();
        assertThat(verifier.verify(null).first()).isEqualTo(7);
    }

    /** Returns the entries with problems after statements, and takes the statements back. */
    private List<Long> problemsAfter(String... statements) {
        return Objects.requireNonNull(transaction.execute(status -> {
            for (String statement : statements) {
                jdbc.sql(statement).update();
            }
            status.setRollbackOnly();
            return verifier.verify(null).problems().stream()
                    .map(AuditProblem::sequence)
                    .toList();
        }));
    }
}
