package io.keysweep.server.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests to which paths the console leads after a sign-in or a change of the language. */
final class SignInRedirectTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/",
                "/console/scans/0b6c",
                "/console/projects/default/users/anna.b_c-d",
                "/console/projects/default/access-policies/night_shift.v2"
            })
    void isConsolePath_ofAPageOfTheConsole_isTrue(String path) {
        assertThat(SignInRedirect.isConsolePath(path)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "/",
                "/consolex",
                "/docs",
                "//evil.example/console",
                "/console//evil.example",
                "/console/../docs",
                "/console/./x",
                "/console/\\evil.example",
                "/console/%2e%2e/docs",
                "/console/scans?x=1",
                "https://evil.example/console"
            })
    void isConsolePath_ofAnyOtherText_isFalse(@Nullable String path) {
        assertThat(SignInRedirect.isConsolePath(path)).isFalse();
    }
}
