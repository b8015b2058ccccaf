package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

/**
 * Tests which headers of a request are treated as credentials.
 *
 * <p>Some operations, such as the creation of a token, have their credentials in the body. For them, no header is read
 * as credentials.
 */
class HeadCredentialsTest {

    @ParameterizedTest
    @CsvSource({
        // method, path, header, value, whether the header is treated as credentials
        "GET, /v2/p/instances, X-Auth-Token, kst1.a.b, true",
        "GET, /v2/p/instances, X-Auth-Token, wrong, true",
        "GET, /v2/p/instances, Authorization, SDK-HMAC-SHA256, true",
        "GET, /v2/p/instances, X-Auth-Token, '', false",
        "GET, /v2/p/instances, Authorization, ' ', false",
        "GET, /v2/p/instances, X-Subject-Token, kst1.a.b, false",
        "GET, /v3/auth/tokens, X-Auth-Token, kst1.a.b, true",
        "POST, /v3/auth/projects, X-Auth-Token, kst1.a.b, true",
        "POST, /v3/auth/tokens, X-Auth-Token, kst1.a.b, false",
        "POST, /v3/auth/tokens, Authorization, SDK-HMAC-SHA256, false",
    })
    void header_withAValue_isCredentials_unlessTheOperationHasThemInItsBody(
            String method, String path, String header, String value, boolean areSent) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        request.addHeader(header, value);

        assertThat(HeadCredentials.areSent(request)).isEqualTo(areSent);
    }
}
