package io.keysweep.server.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** Tests that a form token whose bytes are not UTF-8 is treated as wrong and causes no exception. */
class FormTokenReaderTest {

    @Test
    void resolveCsrfTokenValue_ofBytesThatAreNotUtf8_isNull() {
        // The token has the length of a right one, but its bytes are not UTF-8.
        String value = "6bd80d99-8c11-4420-b696-360be3754ecb";
        CsrfToken token = new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", value);

        byte[] bytes = new byte[2 * value.getBytes(StandardCharsets.UTF_8).length];
        Arrays.fill(bytes, 0, value.length(), (byte) 0xFF);
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setParameter("_csrf", Base64.getUrlEncoder().encodeToString(bytes));

        assertThat(new FormTokenReader().resolveCsrfTokenValue(request, token)).isNull();
    }
}
