package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Tests that Spring does not change texts of users, such as passwords with {@code ${...}}. */
final class SpringTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a${HOME}b",
                "x${y:z}",
                "${",
                "a$b{c}",
                "back\\${slash}",
                "${a${b}}",
                "#{1 + 1}",
                "50%$$",
                "x${y ${z}",
                "${a} ${",
                "}${",
                "${a}}${b}",
                "two\\\\${slashes}"
            })
    void literals_readBySpring_areUnchanged(String password) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("keysweep", SpringText.literals(Map.of("password", password))));

        assertThat(environment.getProperty("password")).isEqualTo(password);
    }
}
