package io.keysweep.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AuditProblem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that an attacker who can write to the database cannot change the audit log without a trace.
 *
 * <p>Entry n has the sequence number n, and is about the scan s(n - 1). The base class provides {@code append(n)},
 * which adds n entries, and {@code problemsAfter(sql)}, which returns the numbers of the entries with problems after
 * an attack.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AuditTamperingIT extends AuditDatabase {

    AuditTamperingIT(String dialect) {
        super(dialect);
    }

    @Test
    void verify_afterChangedRemovedOrMovedEntries_namesThem() {
        append(20);

        // The verification names entries that were changed or removed.
        assertThat(problemsAfter("update audit_entry set content = replace(content, 's9', 's8') where seq = 10"))
                .contains(10L);
        assertThat(problemsAfter("update audit_entry set status = 403 where seq = 10"))
                .contains(10L);
        assertThat(problemsAfter("delete from audit_entry where seq = 10")).contains(10L);
        assertThat(problemsAfter("delete from audit_entry where seq <= 3")).contains(1L);
        assertThat(problemsAfter("delete from audit_entry where seq = 20")).contains(20L);
        assertThat(problemsAfter("delete from audit_entry")).contains(1L);

        // It also names two entries that were exchanged, and an entry that got another number.
        assertThat(problemsAfter(
                        "update audit_entry set seq = 100 where seq = 5",
                        "update audit_entry set seq = 5 where seq = 6",
                        "update audit_entry set seq = 6 where seq = 100"))
                .contains(5L, 6L);
        assertThat(problemsAfter(
                        "delete from audit_entry where seq = 20", "update audit_entry set seq = 21 where seq = 19"))
                .contains(19L);

        // A change of the head, the row that names the newest entry, is also found.
        for (String head : List.of("seq = 19", "seq = 21", "hash = 'x'", "id = 2")) {
            assertThat(problemsAfter("update audit_head set " + head)).as(head).isNotEmpty();
        }

        // The attacker moves the head back, and does not remove the entries after it.
        assertThat(problemsAfter(
                        "update audit_head set seq = 18, hash = (select hash from audit_entry where seq = 18)"))
                .containsExactly(20L);

        assertThat(verifier.verify(/* expected= */ null).problems()).isEmpty();
    }

    @Test
    void change_ofAnyColumnOfAnEntry_isFound() {
        append(9);

        // Each change is made to the entry with the number 5.
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

    /**
     * The attacker removes the newest entries, and moves the head back to the last entry that is left. The process that
     * wrote the removed entries notices this at its next entry.
     */
    @Test
    void newestEntries_thatWereRemovedWithTheHead_areNamedInTheNextEntry() {
        append(5);
        AuditVerifier thisProcess = new AuditVerifier(jdbc, SIGNER, log);
        jdbc.sql("delete from audit_entry where seq >= 4").update();
        jdbc.sql("update audit_head set seq = 3, hash = :hash")
                .param("hash", lines().getLast().hash())
                .update();
        append(4);

        // Three entries are left, and four were added. The first of these says what is missing.
        assertThat(lines()).hasSize(7);
        assertThat(lines().get(3).content()).contains("the entries 4 to 5, which this process had written before");
        assertThat(lines().get(4).content()).doesNotContain("which this process");
        assertThat(thisProcess.verify(/* expected= */ null).problems())
                .extracting(AuditProblem::sequence)
                .containsExactly(4L);
    }

    /** An attacker who can write to the database can compute all hashes again, but not the signatures. */
    @Test
    void chain_whoseHashesAnAttackerHasComputedAgain_hasWrongSignatures() {
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

        assertThat(verifier.verify(/* expected= */ null).problems())
                .extracting(AuditProblem::sequence)
                .containsExactly(4L);
    }

    /**
     * The attacker removes the end of the log and moves the head back. An auditor who has noted the number and the hash
     * of an entry finds that it is missing.
     */
    @Test
    void newestEntry_thatWasRemovedWithTheHead_isReportedToAnAuditorWhoHasNotedItsHash() {
        append(5);
        String notedHash = lines().getLast().hash();

        assertThat(verifier.verify(new AuditVerifier.Expected(5, notedHash)).intact())
                .isTrue();

        jdbc.sql("delete from audit_entry where seq = 5").update();
        jdbc.sql("update audit_head set seq = 4, hash = :hash")
                .param("hash", lines().getLast().hash())
                .update();

        assertThat(verifier.verify(/* expected= */ null).intact()).isTrue();
        assertThat(verifier.verify(new AuditVerifier.Expected(5, notedHash)).problems())
                .extracting(AuditProblem::sequence)
                .containsExactly(5L);

        // The process that has written the entry also remembers it.
        assertThat(new AuditVerifier(jdbc, SIGNER, log)
                        .verify(/* expected= */ null)
                        .intact())
                .isFalse();
    }

    /** An attacker who sets the times of entries back cannot make the service remove them as too old. */
    @Test
    void retention_ofEntriesWithChangedTimes_removesNothing() {
        append(4);
        jdbc.sql("update audit_entry set written_at = timestamp '2001-01-01 00:00:00' where seq <= 3")
                .update();

        assertThat(retention().purge(clock.instant(), /* maxPerInstance= */ 1)).isZero();
        assertThat(lines()).hasSize(4);
    }

    /** An intent says that a call has begun. If the process dies, another process writes the entry of the call. */
    @Test
    void intent_thatAnAttackerHasChanged_isNotUsedForAnEntry() {
        AuditIntents intentsOfDeadProcess = new AuditIntents(jdbc, "dead", SIGNER, clock);
        AuditCall call =
                new AuditCall("r", "10.0.0.1", "deleteProject", /* resource= */ null).by("access-key", "AK", "p");
        call.begin(intentsOfDeadProcess);
        AuditIntents intentsOfLivingProcess = new AuditIntents(jdbc, "living", SIGNER, clock);

        assertThat(intentsOfLivingProcess.findAbandoned(Set::of))
                .hasSize(1)
                .allMatch(abandoned -> abandoned.fields() != null);

        jdbc.sql("update audit_intent set content = replace(content, 'AK', 'AB')")
                .update();
        assertThat(intentsOfLivingProcess.findAbandoned(Set::of))
                .hasSize(1)
                .allMatch(abandoned -> abandoned.fields() == null);
    }

    /** Returns the seed of a key that is not the service's. */
    private static byte[] otherSeed() {
        byte[] seed = new byte[32];
        seed[0] = 1;
        return seed;
    }
}
