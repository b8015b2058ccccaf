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
        return new AuditReader(jdbc).export(0, null, null, 1000).entries();
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
        assertThat(problemsAfter(
                        "delete from audit_entry where seq = 20", "update audit_entry set seq = 21 where seq = 19"))
                .contains(19L);
        for (String head : List.of("seq = 19", "seq = 21", "hash = 'x'", "id = 2")) {
            assertThat(problemsAfter("update audit_head set " + head)).as(head).isNotEmpty();
        }
        // Somebody sets the head back, and does not remove the entries after it.
        assertThat(problemsAfter(
                        "update audit_head set seq = 18, hash = (select hash from audit_entry where seq = 18)"))
                .containsExactly(20L);
        assertThat(verifier.verify(null).problems()).isEmpty();
    }

    @Test
    void everyColumn_ofAnEntryInTheMiddle_isProtected() {
        append(9);
        List<String> changes = List.of(
                "seq = -5",
                "written_at = timestamp '2001-01-01 00:00:00'",
                "actor = 'x'",
                "actor = null",
                "actor_project = 'x'",
                "operation = 'x'",
                "permission = 'x'",
                "resource_kind = 'x'",
                "resource_id = 'x'",
                "resource_project = 'x'",
                "status = 500",
                "status = null",
                "content = replace(content, '10.0.0.1', '10.0.0.2')",
                "content = content || ' '",
                "content = ''",
                "hash = '0'",
                "hash = upper(hash)",
                "signature = 'AAAA'",
                "signature = (select signature from audit_entry where seq = 4)");
        for (String change : changes) {
            assertThat(problemsAfter("update audit_entry set " + change + " where seq = 5"))
                    .as(change)
                    .isNotEmpty();
        }
    }

    /** A process that has written entries finds out at the next one that somebody has removed them with the head. */
    @Test
    void end_thatWasRemovedWithItsHead_isNotedInTheNextEntry() {
        append(5);
        AuditVerifier ofThisProcess = new AuditVerifier(jdbc, SIGNER, log);
        jdbc.sql("delete from audit_entry where seq >= 4").update();
        jdbc.sql("update audit_head set seq = 3, hash = :hash")
                .param("hash", lines().getLast().hash())
                .update();
        append(4);

        assertThat(lines()).hasSize(7);
        assertThat(lines().get(3).content()).contains("the entries 4 to 5, which this process had written before");
        assertThat(lines().get(4).content()).doesNotContain("which this process");
        assertThat(ofThisProcess.verify(null).problems())
                .extracting(AuditProblem::sequence)
                .containsExactly(4L);
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
        AuditRetention retention = retention();
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

    private AuditRetention retention() {
        return new AuditRetention(jdbc, log, SIGNER, transaction, Duration.ofDays(365), clock);
    }

    /** Somebody who sets the times back in the database does not make the service remove and forget entries. */
    @Test
    void retention_ofEntriesWithChangedTimes_removesNothing() {
        append(4);
        jdbc.sql("update audit_entry set written_at = timestamp '2001-01-01 00:00:00' where seq <= 3")
                .update();
        assertThat(retention().purge(clock.instant(), 1)).isZero();
        assertThat(lines()).hasSize(4);
    }

    @Test
    void retention_keepsNewEntries_behindOneOfAClockThatWasWrong() {
        append(2);
        clock.advance(Duration.ofDays(-4000));
        append(1);
        clock.advance(Duration.ofDays(8000));
        append(1);
        clock.advance(Duration.ofDays(-4000));
        append(1);
        assertThat(retention().purge(clock.instant(), 1)).isZero();

        // The entry of the future does not keep older ones for ever.
        clock.advance(Duration.ofDays(400));
        append(1);
        assertThat(retention().purge(clock.instant(), 1)).isEqualTo(5);
        assertThat(verifier.verify(null).problems()).isEmpty();
    }

    @Test
    void intent_thatSomebodyElseHasStored_isNotTaken() {
        AuditIntents dead = new AuditIntents(jdbc, "dead", SIGNER, clock);
        AuditCall call = new AuditCall("r", "10.0.0.1", "deleteProject", null).by("access-key", "AK", "p");
        call.begin(dead);
        AuditIntents living = new AuditIntents(jdbc, "living", SIGNER, clock);
        assertThat(living.abandoned()).hasSize(1).allMatch(abandoned -> abandoned.fields() != null);
        jdbc.sql("update audit_intent set content = replace(content, 'AK', 'AB')")
                .update();
        assertThat(living.abandoned()).hasSize(1).allMatch(abandoned -> abandoned.fields() == null);
    }

    /** The list of changes of a fleet can be long, and escapes make it longer. */
    @Test
    void changes_thatAreTooLong_areCounted() {
        AuditCall call = new AuditCall("r", "10.0.0.1", "applyFleet", null);
        for (int i = 0; i < 3000; i++) {
            call.change(
                    new AuditResource("instance", "i" + i, "\u202e".repeat(100), "p"),
                    null,
                    new AuditFields().with("username", "\u202e".repeat(100)));
        }
        log.append(call.json());
        assertThat(lines().getFirst().content()).contains("of 3000 changes are left out: too long");
        assertThat(verifier.verify(null).problems()).isEmpty();
    }

    @Test
    void page_ofLongEntries_endsEarly() {
        ObjectNode fields = entry("long").put("note", "x".repeat(900_000));
        for (int i = 0; i < 60; i++) {
            log.append(fields);
        }
        AuditReader.Page page = new AuditReader(jdbc).export(0, null, null, 1000);
        assertThat(page.entries()).hasSizeLessThan(60);
        assertThat(page.last()).isEqualTo(page.entries().size());
        assertThat(new AuditReader(jdbc)
                        .export(page.entries().size(), null, null, 1000)
                        .entries()
                        .getFirst()
                        .sequence())
                .isEqualTo(page.entries().size() + 1L);
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
