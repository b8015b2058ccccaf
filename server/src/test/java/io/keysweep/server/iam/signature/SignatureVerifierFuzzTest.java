package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the verification of requests with random changes, which a fixed seed makes repeatable.
 *
 * <p>Each changed request must be refused, or be another spelling of the same request. None may cause an exception.
 */
final class SignatureVerifierFuzzTest {

    private static final int CHANGES_PER_ALGORITHM = 4_000;

    /** Texts that parsers of paths, queries and headers treat specially, or that are parts of signed requests. */
    private static final List<String> FRAGMENTS = List.of(
            "",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\u0000",
            "%",
            "%2",
            "%00",
            "%2F",
            "%zz",
            "+",
            "&",
            "=",
            ";",
            "/",
            "//",
            "..",
            ",",
            ":",
            "\u00e9",
            "\u212a",
            "\ud800",
            "\uffff",
            "A",
            "0",
            "f",
            "-1",
            "SDK-SM2-SM3 ",
            "Access=",
            "Credential=",
            "SignedHeaders=",
            "Signature=",
            "x-sdk-date",
            "UNSIGNED-PAYLOAD",
            "a".repeat(5_000));

    private final Random random = new Random(20261124);
    private final AccessKeyPair key = AccessKeyGenerator.generate();

    @ParameterizedTest
    @EnumSource
    void verify_aRequestWithARandomChange_isRefused_unlessItsMeaningIsTheSame(OfficialSdk sdk) {
        SignedRequest valid =
                sdk.put(key, "/v2/a/instances", "{\"interval\":3600,\"timeout\":7200}", Map.of("X-Request-Id", "r-1"));
        SignatureVerifier verifier = verifier(SignatureTestSupport.signedAt(valid));
        String meaning = RequestMeaning.of(valid);

        assertThat(verifier.verify(valid)).isInstanceOf(SignatureVerification.Verified.class);

        int refused = 0;
        for (int i = 0; i < CHANGES_PER_ALGORITHM; i++) {
            SignedRequest changed = changed(valid);
            if (verifier.verify(changed) instanceof SignatureVerification.Refused) {
                refused++;
            } else {
                assertThat(RequestMeaning.of(changed)).isEqualTo(meaning);
            }
        }

        // Otherwise, too many changes would have no effect, and the test would prove little.
        assertThat(refused).isGreaterThan(CHANGES_PER_ALGORITHM * 9 / 10);
    }

    @Test
    void verify_aRandomRequest_isRefused() {
        SignatureVerifier verifier = verifier(Instant.parse("2026-11-24T02:29:53Z"));

        for (int i = 0; i < CHANGES_PER_ALGORITHM; i++) {
            Map<String, List<String>> headers = new TreeMap<>();
            headers.put("Authorization", List.of(fragments()));
            headers.put("x-sdk-date", List.of(random.nextBoolean() ? "20261124T022953Z" : fragments()));
            headers.put(fragments(), List.of(fragments(), fragments()));
            byte[] body = new byte[random.nextInt(20)];
            random.nextBytes(body);

            assertThat(verifier.verify(new SignedRequest(fragments(), fragments(), fragments(), headers, body)))
                    .isInstanceOf(SignatureVerification.Refused.class);
        }
    }

    /** Returns the request with one part changed, most often the header Authorization. */
    private SignedRequest changed(SignedRequest valid) {
        List<String> names = ChangedRequests.signedHeaderNames(valid);
        String query = valid.rawQuery() == null ? "" : valid.rawQuery();
        return switch (random.nextInt(8)) {
            case 0 -> line(valid, changed(valid.method()), valid.rawPath(), query, valid.body());
            case 1 -> line(valid, valid.method(), changed(valid.rawPath()), query, valid.body());
            case 2 -> line(valid, valid.method(), valid.rawPath(), changed(query + "a=1"), valid.body());
            case 3 -> line(valid, valid.method(), valid.rawPath(), query, changed(valid.body()));
            case 4, 5 -> header(valid, names.get(random.nextInt(names.size())));
            default -> header(valid, "authorization");
        };
    }

    /** Returns the request with a changed value of a header. */
    private SignedRequest header(SignedRequest valid, String name) {
        return ChangedRequests.withHeader(valid, name, changed(ChangedRequests.value(valid, name)));
    }

    private static SignedRequest line(SignedRequest valid, String method, String path, String query, byte[] body) {
        return new SignedRequest(method, path, query, valid.headers(), body);
    }

    /** Replaces up to two characters of a text by a fragment or a character. */
    private String changed(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(3));
        String changed = text.substring(0, from) + insert() + text.substring(to);
        return changed.equals(text) ? text + "x" : changed;
    }

    /** Returns one of the fragments, or any character. */
    private String insert() {
        return random.nextBoolean()
                ? FRAGMENTS.get(random.nextInt(FRAGMENTS.size()))
                : String.valueOf((char) random.nextInt(256));
    }

    /** Changes one byte of a body, and sometimes adds one. */
    private byte[] changed(byte[] body) {
        byte[] changed = Arrays.copyOf(body, body.length + random.nextInt(2));
        changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
        return changed;
    }

    /** Returns up to five fragments, sometimes after the beginning of a valid Authorization header. */
    private String fragments() {
        StringBuilder text = new StringBuilder();
        if (random.nextBoolean()) {
            text.append("V11-HMAC-SHA256 Credential=A/20261124/r/s, SignedHeaders=x-sdk-date, Signature=");
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return text.toString();
    }

    /** Returns a verifier that knows the access key, with a clock that stands still. */
    private SignatureVerifier verifier(Instant now) {
        return new SignatureVerifier(
                accessKey -> accessKey.equals(key.accessKey()) ? Optional.of(key.secretKey()) : Optional.empty(),
                () -> now);
    }
}
