package io.keysweep.api.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keysweep.api.signature.Ed25519;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the signature of a report matches its content and no other content.
 *
 * <p>Spaces, the order of fields, and the notation of numbers and characters do not belong to the content.
 */
final class ReportSignatureTest {

    private static final String REPORT = "{\"b\":1.50,\"a\":{\"text\":\"\\u00e9\",\"count\":9007199254740991}}";

    private final KeyPair keys = newKeys();

    @ParameterizedTest
    @ValueSource(
            strings = {
                REPORT,
                "{ \"a\": {\n  \"count\": 9007199254740991, \"text\": \"é\" },\r\n \"b\": 1.5 }",
            })
    void matches_sameContentInAnotherNotation_isTrue(String report) throws GeneralSecurityException {
        assertThat(sign(REPORT).matches(keys.getPublic(), report)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1.51,\"a\":{\"text\":\"é\",\"count\":9007199254740991}}",
                "{\"b\":1.5,\"a\":{\"text\":\"é\",\"count\":9007199254740990}}",
                "{\"b\":1.5,\"a\":{\"text\":\"e\",\"count\":9007199254740991}}",
                "{\"b\":1.5,\"a\":{\"text\":\"é\",\"count\":9007199254740991},\"c\":null}",
            })
    void matches_otherContent_isFalse(String report) throws GeneralSecurityException {
        assertThat(sign(REPORT).matches(keys.getPublic(), report)).isFalse();
    }

    @Test
    void matches_otherKeyOrAlgorithmOrMalformedSignature_isFalse() throws GeneralSecurityException {
        ReportSignature signature = sign(REPORT);

        assertThat(signature.matches(newKeys().getPublic(), REPORT)).isFalse();
        assertThat(new ReportSignature("none", signature.publicKey(), signature.value())
                        .matches(keys.getPublic(), REPORT))
                .isFalse();
        assertThat(new ReportSignature(Ed25519.ALGORITHM, signature.publicKey(), "no Base64!")
                        .matches(keys.getPublic(), REPORT))
                .isFalse();
    }

    @Test
    void matches_textThatIsNotJson_isRefused() throws GeneralSecurityException {
        ReportSignature signature = sign(REPORT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> signature.matches(keys.getPublic(), "report"))
                .withMessageContaining("not a JSON object or array");
    }

    /** The canonical form of RFC 8785 sorts fields by UTF-16 code units, and writes numbers as ECMAScript does. */
    @Test
    void canonicalForm_ofAnyJson_followsTheRfc() {
        assertThat(new String(
                        CanonicalJson.of("{\"\u20ac\":\"Euro\",\"1\":[56.0,1E30,4.50,0.002,-0],\"\\r\":null}"),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"\\r\":null,\"1\":[56,1e+30,4.5,0.002,0],\"\u20ac\":\"Euro\"}");
    }

    /** Signs a report as the service does. */
    private ReportSignature sign(String report) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(Ed25519.ALGORITHM);
        signer.initSign(keys.getPrivate());
        signer.update(CanonicalJson.of(report));
        return new ReportSignature(
                Ed25519.ALGORITHM,
                Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()),
                Base64.getEncoder().encodeToString(signer.sign()));
    }

    /** Creates a pair of keys that no other test has. */
    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(Ed25519.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
