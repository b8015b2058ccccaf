package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that no message about a broken URI contains a part of its password. Each password consists of "top" and
 * "secret", with other characters before or between them.
 */
final class MisplacedPasswordTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The @ and the host are missing.
                "redis://me:topsecret",
                "redis://:topsecret",
                "redis://me:1,topsecret",
                "redis://me:top:secret",
                "redis://me:top/secret",
                "redis://me:12/topsecret",
                "redis://me:top?secret",
                "redis://me:top#secret",
                "redis://me:top%secret",
                "redis://me:topsecret/0",
                "redis://top!secret",
                "redis://top$secret:",
                "redis://[me:topsecret",
                "redis://[::1]:topsecret",
                "redis-cluster://me:topsecret",
                "redis-cluster://me:top,secret",
                "redis-cluster://me:1,top!secret",
                "redis-cluster://h1,h2:topsecret",
                "redis-sentinel://me:topsecret#main",
                "redis-sentinel://me:top#secret",
                "redis-sentinel://me:top#se cret",
                "redis-sentinel://me:topsecret",
                "unix://me:topsecret",
                "unix://me:topsecret/run/redis.sock",
                "unix:///me:topsecret@/run/",
                // The user or the password has a character that must be encoded.
                "redis://me:topsecret%zz@h",
                "redis://topsecret%zz:x@h",
                "redis-sentinel://me:top#secret@h",
                "redis-sentinel://me:top#secret@h1,h2",
                "redis-sentinel://me:top#%0Asecret@h",
                "redis-cluster://me:topsecret%@h1,h2",
                "unix://me:topsecret%zz@/run/redis.sock",
                "unix://me:x@/topsecret@/run/",
                // The password is in another place of the URI.
                "me:topsecret@redis://h",
                "redis://h:6379@me:topsecret",
                "redis://h?password=topsecret",
                "redis://h:6379?password=topsecret",
                "redis://h:6379/0?password=topsecret",
                "redis://h/topsecret",
                "unix:///run/redis.sock?password=topsecret/",
                // The password is in its place, and another part of the URI is broken.
                "redis://me:topsecret@",
                "redis://me:topsecret@h:x",
                "redis://me:topsecret@h/9",
                "redis://me:topsecret@h1,h2",
                "redis-cluster://me:topsecret@h1,",
                "redis-sentinel://me:topsecret@h",
                "redis-sentinel://me:topsecret@h# ",
                "unix://me:topsecret@run",
                "unix://me:topsecret@/run/"
            })
    void parse_brokenUri_neverShowsThePassword(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("top", "secret", "cret"));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://me:topsecret, the port is not a number from 1 to 65535; it is not shown",
        "redis://top!secret, 'the host is not a name, an IPv4 address or an IPv6 address in brackets; it is not shown'",
        "redis://h/secret, the path is neither empty nor /0; it is not shown",
        "redis-sentinel://me:top#secret@h, the name is not valid: it contains an @; it is not shown"
    })
    void parse_textThatMayBeAPassword_isNotShown_andTheMessageSaysHowToEncodeIt(String uri, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .withMessageStartingWith(message)
                .withMessageContaining("%40");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h:65536, 'the port is ''65536'''",
        "redis://127.1, 'the host is ''127.1'''",
        "redis://[1.2.3.4]:1, 'the host is ''[1.2.3.4]:1'''",
        "redis://h/3, 'the path is ''/3'''",
        "http://h, 'the scheme is ''http'''"
    })
    void parse_mistypedPart_isQuoted(String uri, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .withMessageStartingWith(message);
    }

    /** A password alone looks like a short name of a host, such as the name of a container. The docs say so. */
    @Test
    void parse_passwordAlone_isTheNameOfAHost() {
        assertThat(DeploymentUri.parse("redis://secret").label()).isEqualTo("secret:6379");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-sentinel://h#a%0Ab", "unix:///a%1b[31m", "redis-sentinel://h#a%1b[2J"})
    void parse_encodedControlCharacter_isNotInTheMessage(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .satisfies(e -> assertThat(e.getMessage()).matches("[\\x20-\\x7e]*"));
    }
}
