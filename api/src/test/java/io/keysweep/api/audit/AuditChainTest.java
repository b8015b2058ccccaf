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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests which changes of an exported log are found, with and without the public key. */
class AuditChainTest {

    private final KeyPair keys;

    AuditChainTest() throws GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private List<AuditLine> log(int entries, KeyPair signer) throws GeneralSecurityException {
        List<AuditLine> log = new ArrayList<>();
        for (int i = 1; i <= entries; i++) {
            String previous = log.isEmpty() ? AuditLine.NO_HASH : log.getLast().hash();
            log.add(entry("{\"sequence\":" + i + ",\"operation\":\"x\",\"previous\":\"" + previous + "\"}", signer));
        }
        return log;
    }

    private static AuditLine entry(String content, KeyPair signer) throws GeneralSecurityException {
        String hash = AuditLine.hashOf(content);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(signer.getPrivate());
        signature.update(hash.getBytes(StandardCharsets.US_ASCII));
        return new AuditLine(content, hash, Base64.getEncoder().encodeToString(signature.sign()));
    }

    private List<Long> problems(List<AuditLine> log, boolean part, boolean withKey) {
        AuditChain chain = new AuditChain(withKey ? keys.getPublic() : null);
        log.forEach(chain::add);
        chain.end(part);
        return chain.problems().stream().map(AuditProblem::sequence).toList();
    }

    @Test
    void line_isParsedBack() throws GeneralSecurityException {
        AuditLine line = log(1, keys).getFirst();
        assertThat(AuditLine.parse(line.line())).contains(line);
        assertThat(AuditLine.parse("{\"sequence\":1}")).isEmpty();
        assertThat(line.sequence()).isEqualTo(1);
        assertThat(line.previous()).isEqualTo(AuditLine.NO_HASH);
        assertThat(line.pruned()).isNull();
    }

    @Test
    void log_thatIsUnchanged_hasNoProblems() throws GeneralSecurityException {
        assertThat(problems(log(2500, keys), false, true)).isEmpty();
        assertThat(problems(log(10, keys).subList(4, 10), true, true)).isEmpty();
        assertThat(problems(List.of(), false, true)).isEmpty();
    }

    @Test
    void log_thatWasChanged_hasProblems() throws GeneralSecurityException {
        List<AuditLine> log = log(10, keys);
        assertThat(problems(without(log, 4), true, false)).containsExactly(5L);
        assertThat(problems(log.subList(4, 10), false, false)).containsExactly(1L);
        List<AuditLine> reordered = new ArrayList<>(log);
        reordered.set(4, log.get(5));
        reordered.set(5, log.get(4));
        assertThat(problems(reordered, false, false)).isNotEmpty();
        List<AuditLine> changed = new ArrayList<>(log);
        changed.set(
                4,
                new AuditLine(
                        log.get(4).content().replace("\"x\"", "\"y\""),
                        log.get(4).hash(),
                        log.get(4).signature()));
        assertThat(problems(changed, false, false)).containsExactly(5L);
        List<AuditLine> resigned = new ArrayList<>(log);
        resigned.set(
                4,
                new AuditLine(
                        log.get(4).content(), log.get(4).hash(), log.get(3).signature()));
        assertThat(problems(resigned, false, true)).containsExactly(5L);
    }

    @Test
    void log_ofAnotherKey_isFoundByTheSignatureOnly() throws GeneralSecurityException {
        List<AuditLine> forged = log(10, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        assertThat(problems(forged, false, false)).isEmpty();
        assertThat(problems(forged, false, true)).containsExactly(1L);
    }

    @Test
    void prunedEntries_areNoGap_ifAnEntryNamesTheLastOfThem() throws GeneralSecurityException {
        List<AuditLine> log = log(5, keys);
        String third = log.get(2).hash();
        log.add(pruning(6, 3, third, log.getLast()));
        assertThat(problems(log.subList(3, 6), false, true)).isEmpty();
        assertThat(problems(log.subList(4, 6), false, true)).containsExactly(1L);
        // Some of those that it names are still to be removed.
        assertThat(problems(log.subList(1, 6), false, true)).isEmpty();
        assertThat(problems(without(log.subList(1, 6), 1), false, true)).containsExactly(3L);
    }

    private AuditLine pruning(long sequence, long through, String hash, AuditLine last)
            throws GeneralSecurityException {
        return entry(
                "{\"sequence\":" + sequence + ",\"operation\":\"pruneAuditLog\",\"pruned\":{\"entries\":3,\"through\":"
                        + through + ",\"hash\":\"" + hash + "\"},\"previous\":\"" + last.hash() + "\"}",
                keys);
    }

    private static List<AuditLine> without(List<AuditLine> log, int index) {
        List<AuditLine> rest = new ArrayList<>(log);
        @Nullable AuditLine removed = rest.remove(index);
        assertThat(removed).isNotNull();
        return rest;
    }
}
