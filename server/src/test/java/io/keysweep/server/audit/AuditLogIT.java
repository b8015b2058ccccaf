package io.keysweep.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tests which entries are added to the log, read from it, and removed by its retention.
 *
 * <p>Each entry of the audit log contains the hash of the previous entry, so that the entries form a chain. The base
 * class provides an empty log, and {@code append(n)}, which adds n entries about the scans s0, s1 and so on.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AuditLogIT extends AuditDatabase {

    AuditLogIT(String dialect) {
        super(dialect);
    }

    @Test
    void entries_ofTheLog_formOneChainThatAnybodyCanRecompute() {
        append(5);

        AuditVerification verification = verifier.verify(/* expected= */ null);
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
    void entries_ofSeveralProcesses_formOneChain() throws Exception {
        int threads = 4;
        int entriesPerThread = 25;

        // Each thread writes as another process would.
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                AuditLog process = log(SIGNER);
                writers.add(pool.submit(() -> {
                    for (int i = 0; i < entriesPerThread; i++) {
                        process.append(entry("s" + i));
                    }
                }));
            }
        }
        for (Future<?> writer : writers) {
            writer.get();
        }

        AuditVerification verification = verifier.verify(/* expected= */ null);
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.last()).isEqualTo((long) threads * entriesPerThread);
    }

    @Test
    void entry_ofATransactionThatIsRolledBack_isNotAdded() {
        append(1);
        transaction.executeWithoutResult(status -> {
            log.append(entry("lost"));
            status.setRollbackOnly();
        });
        append(1);

        assertThat(verifier.verify(/* expected= */ null).problems()).isEmpty();
        assertThat(verifier.verify(/* expected= */ null).last()).isEqualTo(2);
        assertThat(forwarded).hasSize(2);
    }

    @Test
    void retention_removesOldEntries_andKeepsTheChainVerifiable() {
        AuditRetention retention = retention();
        append(3);
        clock.advance(Duration.ofDays(365));
        append(2);

        // The maximum per instance has no effect on the audit log.
        assertThat(retention.purge(clock.instant(), /* maxPerInstance= */ 1)).isZero();

        // The first three entries are older than a year. Their removal adds an entry with the number 6.
        clock.advance(Duration.ofDays(2));
        assertThat(retention.purge(clock.instant(), /* maxPerInstance= */ 1)).isEqualTo(3);

        AuditVerification verification = verifier.verify(/* expected= */ null);
        assertThat(verification.problems()).isEmpty();
        assertThat(List.of(verification.first(), verification.last())).containsExactly(4L, 6L);

        // If more entries are removed, retention no longer explains the gap at the beginning, which begins at entry 1.
        assertThat(problemsAfter("delete from audit_entry where seq = 4")).contains(1L);
        assertThat(problemsAfter("delete from audit_entry where seq <= 5")).contains(1L);

        // A year later, entries 4 to 6 are removed as well.
        clock.advance(Duration.ofDays(370));
        assertThat(retention.purge(clock.instant(), /* maxPerInstance= */ 1)).isEqualTo(3);
        assertThat(verifier.verify(/* expected= */ null).problems()).isEmpty();
        assertThat(verifier.verify(/* expected= */ null).first()).isEqualTo(7);
    }

    @Test
    void retention_afterEntriesWithTimesOfAWrongClock_keepsNewEntries() {
        // The clock is wrong twice: 4,000 days in the past, and 4,000 days in the future.
        append(2);
        clock.advance(Duration.ofDays(-4_000));
        append(1);
        clock.advance(Duration.ofDays(8_000));
        append(1);
        clock.advance(Duration.ofDays(-4_000));
        append(1);
        assertThat(retention().purge(clock.instant(), /* maxPerInstance= */ 1)).isZero();

        // The entry with a time in the future does not keep older entries for ever.
        clock.advance(Duration.ofDays(400));
        append(1);
        assertThat(retention().purge(clock.instant(), /* maxPerInstance= */ 1)).isEqualTo(5);
        assertThat(verifier.verify(/* expected= */ null).problems()).isEmpty();
    }

    /** The list of changes of a fleet document can be long, and escaped characters make it longer. */
    @Test
    void changes_thatAreTooLongForAnEntry_areLeftOutAndCounted() {
        AuditCall call = new AuditCall("r", "10.0.0.1", "applyFleet", /* resource= */ null);
        int changes = 3_000;
        for (int i = 0; i < changes; i++) {
            call.change(
                    new AuditResource("instance", "i" + i, "\u202e".repeat(100), "p"),
                    /* before= */ null,
                    new AuditFields().with("username", "\u202e".repeat(100)));
        }
        log.append(call.json());

        assertThat(lines().getFirst().content()).contains("of " + changes + " changes are left out: too long");
        assertThat(verifier.verify(/* expected= */ null).problems()).isEmpty();
    }

    @Test
    void page_ofLongEntries_hasFewerEntriesThanRequested() {
        ObjectNode fields = entry("long").put("note", "x".repeat(900_000));
        int entries = 60;
        for (int i = 0; i < entries; i++) {
            log.append(fields);
        }
        AuditReader reader = new AuditReader(jdbc);
        AuditReader.EntryPage page =
                reader.export(/* after= */ 0, /* from= */ null, /* to= */ null, /* limit= */ 1_000);

        assertThat(page.entries()).hasSizeLessThan(entries);
        assertThat(page.last()).isEqualTo(page.entries().size());

        // The next page begins with the entry after the last entry of this page.
        assertThat(reader.export(page.entries().size(), /* from= */ null, /* to= */ null, /* limit= */ 1_000)
                        .entries()
                        .getFirst()
                        .sequence())
                .isEqualTo(page.entries().size() + 1L);
    }
}
