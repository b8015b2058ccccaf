package io.keysweep.api.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the signature of requests against an example that the Java SDK of Huawei Cloud has signed. */
final class RequestSignerTest {

    private static final String SECRET = "local-test-secret-key-0123456789abcdef00";

    private final RequestSigner signer =
            new RequestSigner("LOCALTESTACCESSKEY01", SECRET, () -> Instant.parse("2026-11-24T02:29:53.999Z"));

    @Test
    void sign_requestThatTheSdkSigned_hasTheSameSignature() {
        Map<String, String> headers = signer.sign(
                "GET",
                URI.create("http://127.0.0.1:18080/v2/0a1b2c3d4e5f60718293a4b5c6d7e8f9/instances/"
                        + "5560df16-cebf-4473-95c4-d1b573c16e79/auto-expire/histories?offset=1&limit=1"),
                Map.of(
                        "User-Agent", "huaweicloud-usdk-java/3.0",
                        "X-Project-Id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
                new byte[0]);

        assertThat(headers)
                .containsOnlyKeys("Authorization", "User-Agent", "X-Project-Id", "X-Sdk-Date")
                .containsEntry("X-Sdk-Date", "20261124T022953Z")
                .containsEntry(
                        "Authorization",
                        "SDK-HMAC-SHA256 Access=LOCALTESTACCESSKEY01, "
                                + "SignedHeaders=host;user-agent;x-project-id;x-sdk-date, "
                                + "Signature=04abad14b6463858b88969d22c362ae745bd4f6a40bc75e66ab4b2392a5abff8");
    }

    @ParameterizedTest
    @CsvSource({
        "http://keysweep:80/, http://keysweep/",
        "https://keysweep:443/, https://keysweep/",
        "https://keysweep:443, https://keysweep/"
    })
    void sign_defaultPort_isLeftOutOfHost(String withPort, String without) {
        assertThat(authorization(withPort)).isEqualTo(authorization(without));
    }

    @ParameterizedTest
    @CsvSource({
        "http://keysweep:443/, http://keysweep/",
        "http://keysweep/?a=1, http://keysweep/?a=2",
        "http://keysweep/a, http://keysweep/b"
    })
    void sign_differentUris_giveDifferentSignatures(String uri, String otherUri) {
        assertThat(authorization(uri)).isNotEqualTo(authorization(otherUri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "host", "X-SDK-DATE", "X-Sdk-Content-Sha256"})
    void sign_headerThatTheSignerSets_isIllegalArgument(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signer.sign("GET", URI.create("http://a/"), Map.of(name, "x"), new byte[0]))
                .withMessageContaining(name);
    }

    @Test
    void sign_uriWithoutHost_isIllegalArgument() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signer.sign("GET", URI.create("/v2"), Map.of(), new byte[0]));
    }

    @Test
    void toString_ofASigner_doesNotShowTheSecret() {
        assertThat(signer).hasToString("RequestSigner[accessKey=LOCALTESTACCESSKEY01]");
    }

    /** Returns the header Authorization of a signed GET request. */
    private String authorization(String uri) {
        return String.valueOf(
                signer.sign("GET", URI.create(uri), Map.of(), new byte[0]).get("Authorization"));
    }
}
