package io.keysweep.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AuditProblem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests which changes of an exported audit log are found, with and without the public key.
 *
 * <p>Entry N of a log has the sequence number N and the index N - 1. Problems are named by sequence numbers.
 */
class AuditChainTest {

    private final KeyPair keys;

    AuditChainTest() throws GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @Test
    void parse_lineOfAnEntry_isTheEntry() throws GeneralSecurityException {
        AuditLine line = log(1, keys).getFirst();
        assertThat(AuditLine.parse(line.line())).contains(line);
        assertThat(AuditLine.parse("{\"sequence\":1}")).isEmpty();
        assertThat(line.sequence()).isEqualTo(1);
        assertThat(line.previous()).isEqualTo(AuditLine.NO_HASH);
        assertThat(line.pruned()).isNull();
    }

    @Test
    void problems_ofAnUnchangedLog_areNone() throws GeneralSecurityException {
        assertThat(problems(log(2500, keys), /* isPart= */ false, /* withKey= */ true))
                .isEmpty();
        assertThat(problems(log(10, keys).subList(4, 10), /* isPart= */ true, /* withKey= */ true))
                .isEmpty();
        assertThat(problems(List.of(), /* isPart= */ false, /* withKey= */ true))
                .isEmpty();
    }

    @Test
    void problems_ofAChangedLog_areFound() throws GeneralSecurityException {
        List<AuditLine> log = log(10, keys);

        // Entry 5, or entries 1 to 4, are missing.
        assertThat(problems(withoutEntry(log, 5), /* isPart= */ true, /* withKey= */ false))
                .containsExactly(5L);
        assertThat(problems(log.subList(4, 10), /* isPart= */ false, /* withKey= */ false))
                .containsExactly(1L);

        // Entries 5 and 6 are exchanged.
        List<AuditLine> reordered = new ArrayList<>(log);
        reordered.set(4, log.get(5));
        reordered.set(5, log.get(4));

        assertThat(problems(reordered, /* isPart= */ false, /* withKey= */ false))
                .isNotEmpty();

        // Entry 5 has another content.
        List<AuditLine> changed = new ArrayList<>(log);
        changed.set(
                4,
                new AuditLine(
                        log.get(4).content().replace("\"x\"", "\"y\""),
                        log.get(4).hash(),
                        log.get(4).signature()));

        assertThat(problems(changed, /* isPart= */ false, /* withKey= */ false)).containsExactly(5L);

        // Entry 5 has the signature of entry 4.
        List<AuditLine> wrongSignature = new ArrayList<>(log);
        wrongSignature.set(
                4,
                new AuditLine(
                        log.get(4).content(), log.get(4).hash(), log.get(3).signature()));

        assertThat(problems(wrongSignature, /* isPart= */ false, /* withKey= */ true))
                .containsExactly(5L);
    }

    @Test
    void problems_ofALogThatAnotherKeySigned_areFoundWithTheKeyOnly() throws GeneralSecurityException {
        List<AuditLine> forged = log(10, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        assertThat(problems(forged, /* isPart= */ false, /* withKey= */ false)).isEmpty();
        assertThat(problems(forged, /* isPart= */ false, /* withKey= */ true)).containsExactly(1L);
    }

    @Test
    void problems_afterRetention_areNoneIfTheLogRecordsTheRemoval() throws GeneralSecurityException {
        List<AuditLine> log = log(5, keys);
        String thirdHash = log.get(2).hash();
        log.add(pruning(/* sequence= */ 6, /* through= */ 3, thirdHash, log.getLast()));

        // Entry 6 records the removal of entries 1 to 3, but not of entry 4.
        assertThat(problems(log.subList(3, 6), /* isPart= */ false, /* withKey= */ true))
                .isEmpty();
        assertThat(problems(log.subList(4, 6), /* isPart= */ false, /* withKey= */ true))
                .containsExactly(1L);

        // Retention removes entries 1 to 3 in batches, so some of them may still be there.
        assertThat(problems(log.subList(1, 6), /* isPart= */ false, /* withKey= */ true))
                .isEmpty();
        assertThat(problems(withoutEntry(log.subList(1, 6), 3), /* isPart= */ false, /* withKey= */ true))
                .containsExactly(3L);
    }

    /**
     * Returns the entry that retention writes when it removes old entries.
     *
     * @param sequence the sequence number of the entry
     * @param through the sequence number of the last removed entry
     * @param hash the hash of the last removed entry
     * @param last the entry before this one
     */
    private AuditLine pruning(long sequence, long through, String hash, AuditLine last)
            throws GeneralSecurityException {
        return entry(
                "{\"sequence\":" + sequence + ",\"operation\":\"pruneAuditLog\",\"pruned\":{\"entries\":3,\"through\":"
                        + through + ",\"hash\":\"" + hash + "\"},\"previous\":\"" + last.hash() + "\"}",
                keys);
    }

    /** Returns the log without the entry that has this sequence number. */
    private static List<AuditLine> withoutEntry(List<AuditLine> log, long sequence) {
        List<AuditLine> remaining = new ArrayList<>(log);
        assertThat(remaining.removeIf(entry -> entry.sequence() == sequence)).isTrue();
        return remaining;
    }

    /** Returns a valid log whose first entry has the sequence number 1. */
    private List<AuditLine> log(int entries, KeyPair signer) throws GeneralSecurityException {
        List<AuditLine> log = new ArrayList<>();
        for (int i = 1; i <= entries; i++) {
            String previous = log.isEmpty() ? AuditLine.NO_HASH : log.getLast().hash();
            log.add(entry("{\"sequence\":" + i + ",\"operation\":\"x\",\"previous\":\"" + previous + "\"}", signer));
        }
        return log;
    }

    /** Returns a signed entry with a content. */
    private static AuditLine entry(String content, KeyPair signer) throws GeneralSecurityException {
        String hash = AuditLine.hashOf(content);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(signer.getPrivate());
        signature.update(hash.getBytes(StandardCharsets.US_ASCII));
        return new AuditLine(content, hash, Base64.getEncoder().encodeToString(signature.sign()));
    }

    /**
     * Returns the sequence numbers of the entries with a problem.
     *
     * @param isPart whether the log is only a part of a longer one, so that it need not begin with entry 1
     * @param withKey whether the signatures are verified
     */
    private List<Long> problems(List<AuditLine> log, boolean isPart, boolean withKey) {
        AuditChain chain = new AuditChain(withKey ? keys.getPublic() : null);
        log.forEach(chain::add);
        chain.end(isPart);
        return chain.problems().stream().map(AuditProblem::sequence).toList();
    }
}
