package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the rules that check the answers of the service in a fuzz run: each rule reports what it forbids, and nothing
 * else.
 */
class AnswerRulesTest {

    private final AnswerRules rules = new AnswerRules(Map.of("master key", "0123abcd"));

    @Test
    void problems_usualAnswers_areNone() {
        assertThat(problems(answer(200, "", "{\"instances\":[]}"))).isEmpty();
        assertThat(problems(answer(404, "", "{\"error_code\":\"DCS.4001\",\"error_msg\":\"path is 'java'\"}")))
                .isEmpty();
        assertThat(problems(""))
                .as("a connection that was closed without an answer")
                .isEmpty();
    }

    @Test
    void problems_503WithRetryAfter_areNone() {
        assertThat(problems(answer(503, "Retry-After: 5\r\n", "busy"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 502, 503, 505, 599})
    void problems_statusOf500OrAboveWithoutRetryAfter_isAProblem(int status) {
        assertThat(problems(answer(status, "", ""))).containsExactly("status " + status);
        assertThat(problems(answer(200, "", "ok") + answer(status, "", ""))).containsExactly("status " + status);
    }

    @Test
    void problems_connectionThatDoesNotEnd_isAProblem() {
        assertThat(rules.problems(new RawExchange.Received(answer(200, "", "ok"), /* ended= */ false)))
                .singleElement()
                .asString()
                .startsWith("hang: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NullPointerException",
                "at io.keysweep.server.X.run(X.java:12)",
                "org.springframework.web.Handler",
                "tools.jackson.databind.JsonMapper",
                "java.lang.String",
                "\tat a.b.C$D.e(Unknown:1)"
            })
    void problems_nameOfAClassInAnAnswer_isAProblem(String text) {
        assertThat(problems(answer(400, "", "{\"detail\":\"" + text + "\"}")))
                .singleElement()
                .asString()
                .startsWith("internals: ");
    }

    @Test
    void problems_secretInBodyOrHead_isAProblem() {
        assertThat(problems(answer(200, "", "{\"key\":\"0123abcd\"}"))).containsExactly("secret: master key");
        assertThat(problems(answer(200, "X-Key: 0123abcd\r\n", ""))).containsExactly("secret: master key");
    }

    @Test
    void problems_injectedHeaderOrMarkup_isAProblem() {
        assertThat(problems(answer(200, "x-injected: 1\r\n", "")))
                .singleElement()
                .asString()
                .startsWith("injected header");
        // A browser would run the script in a page, but not in JSON.
        String page = "<p>" + HostileValues.SCRIPT + "</p>";

        assertThat(problems(answer(200, "Content-Type: text/html;charset=UTF-8\r\n", page)))
                .singleElement()
                .asString()
                .startsWith("unescaped");
        assertThat(problems(answer(200, "Content-Type: application/json\r\n", page)))
                .isEmpty();
    }

    @Test
    void problems_bytesThatAreNoHttp_areAProblem() {
        assertThat(problems(answer(200, "", "ok") + "rest").getFirst()).startsWith("malformed answer");
        assertThat(problems("{\"error_code\":\"DCS.4001\"}"))
                .as("a body without a head, with which Tomcat refuses some malformed requests")
                .isEmpty();
        assertThat(problems("{\"error_code\":\"DCS.5000\"}")).containsExactly("status 500, without a head");
    }

    /** Returns the problems of all that the service has sent on a connection that it then closed. */
    private List<String> problems(String octets) {
        return rules.problems(new RawExchange.Received(octets, /* ended= */ true));
    }

    private static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " \r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
