package io.keysweep.api.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the canonical form of an HTTP request, which client and service must build in the same way to sign it. */
final class CanonicalRequestTest {

    private static final String EMPTY_BODY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** The index of the line with the path in the canonical form. */
    private static final int PATH = 1;

    /** The index of the line with the query in the canonical form. */
    private static final int QUERY = 2;

    @Test
    void text_ofRequest_hasTheSixPartsInTheirOrder() {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("x-sdk-date", " 20261124T022953Z\t");
        headers.put("host", "127.0.0.1:18080");

        String text = new CanonicalRequest("GET", "/v2/a", "limit=1&offset=1", headers, EMPTY_BODY_HASH).text();

        // The parts: method, path, query, headers (one line each, and an empty line), names of the headers, hash of the
        // body.
        assertThat(text)
                .isEqualTo(String.join(
                        "\n",
                        "GET",
                        "/v2/a/",
                        "limit=1&offset=1",
                        "host:127.0.0.1:18080",
                        "x-sdk-date:20261124T022953Z",
                        "",
                        "host;x-sdk-date",
                        EMPTY_BODY_HASH));
    }

    @ParameterizedTest
    @CsvSource({
        // path of the request, path in the canonical form
        "'', /",
        "/, /",
        "/v2, /v2/",
        "/v2/, /v2/",
        "//v2//a, //v2//a/",
        "/a%2fb/c, /a%2Fb/c/",
        "/%7Bproject_id%7D, /%7Bproject_id%7D/",
        "/a+b;c=d*, /a%2Bb%3Bc%3Dd%2A/",
        "/%7e%41, /~A/",
        "/%2541, /%2541/",
        "/a/../b, /a/../b/",
        "/%ff, /%FF/"
    })
    void path_anyEncoding_isDecodedOnceAndEncodedAgain(String rawPath, String expected) {
        assertThat(line(PATH, rawPath, /* rawQuery= */ null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // query of the request, query in the canonical form
        "'', ''",
        "offset=0&limit=50, limit=50&offset=0",
        "b=2&b=1&a=3, a=3&b=1&b=2",
        "name, name=",
        "name=, name=",
        "=x, =x",
        "name=a+b, name=a%20b",
        "name=a%20b, name=a%20b",
        "name=a%2Bb, name=a%2Bb",
        "name=a%26b%3Dc, name=a%26b%3Dc",
        "name=%C3%A9, name=%C3%A9",
        "name=a%7Eb*c/d%2Ce, name=a~b%2Ac%2Fd%2Ce",
        "name=%2541, name=%2541",
        "a=1&&b=2&, a=1&b=2",
        "name=x=y, name=x%3Dy"
    })
    void query_anyEncodingAndOrder_isDecodedSortedAndEncodedAgain(String rawQuery, String expected) {
        assertThat(line(QUERY, "/", rawQuery)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%4", "%-1", "a b", "\u00e9", "a\nb", "%\u0661\u0661"})
    void text_malformedPathOrQuery_isIllegalArgument(String malformed) {
        assertThatIllegalArgumentException().isThrownBy(() -> line(PATH, "/" + malformed, /* rawQuery= */ null));
        assertThatIllegalArgumentException().isThrownBy(() -> line(QUERY, "/", "name=" + malformed));
        assertThatIllegalArgumentException().isThrownBy(() -> line(QUERY, "/", malformed + "=value"));
    }

    @Test
    void path_ofDifferentMalformedUtf8_hasDifferentTexts() {
        assertThat(line(PATH, "/%fe", /* rawQuery= */ null)).isNotEqualTo(line(PATH, "/%ff", /* rawQuery= */ null));
    }

    @Test
    void path_withoutFirstSlash_isIllegalArgument() {
        assertThatIllegalArgumentException().isThrownBy(() -> line(PATH, "http://host/", /* rawQuery= */ null));
    }

    @Test
    void header_withLineBreak_isIllegalArgument() {
        TreeMap<String, String> forged = new TreeMap<>();
        forged.put("host", "a\nx-sdk-date:20261124T022953Z");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanonicalRequest("GET", "/", /* rawQuery= */ null, forged, EMPTY_BODY_HASH));
    }

    @Test
    void method_withLineBreak_isIllegalArgument() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new CanonicalRequest("GET\n/v2/", "/", /* rawQuery= */ null, new TreeMap<>(), EMPTY_BODY_HASH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "", "a:b", "a;b", "a b", "a\nb", "\u00e9"})
    void header_whoseNameIsNoLowerCaseToken_isIllegalArgument(String name) {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put(name, "value");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanonicalRequest("GET", "/", /* rawQuery= */ null, headers, EMPTY_BODY_HASH));
    }

    /** Returns the line {@link #PATH} or {@link #QUERY} of the canonical form of a GET request without headers. */
    private static String line(int index, String rawPath, @Nullable String rawQuery) {
        return new CanonicalRequest("GET", rawPath, rawQuery, new TreeMap<>(), EMPTY_BODY_HASH)
                .text()
                .split("\n", -1)[index];
    }
}
