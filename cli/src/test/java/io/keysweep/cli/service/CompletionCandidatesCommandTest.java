package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Tests which names and ids the completion of shells gets from a service. */
final class CompletionCandidatesCommandTest {

    private static final String JSON = "application/json";
    private static final String WEBHOOK = "5f0c7a52-8b8e-4a3e-9d55-0a5a3c1f2b6d";
    private static final String PATH_OF_DELIVERIES = "/api/v1/webhooks/" + WEBHOOK + "/deliveries?limit=20";
    private static final String DELIVERIES = "[{\"id\":\"d1\",\"attempts\":1},{\"id\":\"d2\",\"attempts\":1}]";

    /** One webhook with a URL of its own, two with the same URL, and one whose URL has special characters. */
    private static final String WEBHOOKS = "["
            + String.join(
                    ",",
                    webhook("id-1", "http://one:8080/a"),
                    webhook("id-2", "http://other"),
                    webhook("id-3", "http://other"),
                    webhook("id-4", "http://odd?a&b"))
            + "]";

    private final TestShell shell = new TestShell();

    /**
     * Returns one case for each kind: the kind, the path that is requested, the answer of the service, and the
     * candidate that begins with a.
     */
    private static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(
                        "USER_NAME",
                        "projects/project/users",
                        "[{\"name\":\"ann\",\"policies\":[]},{\"name\":\"bob\",\"policies\":[]}]",
                        "ann"),
                Arguments.of(
                        "POLICY",
                        "projects/project/access-policies",
                        "[{\"name\":\"auditor\",\"builtIn\":false,\"version\":1,\"statements\":[]},"
                                + "{\"name\":\"viewer\",\"builtIn\":true,\"version\":1,\"statements\":[]}]",
                        "auditor"),
                Arguments.of(
                        "KEY_ID",
                        "projects/project/access-keys",
                        "[{\"accessKey\":\"aK1\",\"state\":\"enabled\"},{\"accessKey\":\"BK2\",\"state\":\"enabled\"}]",
                        "aK1"),
                Arguments.of(
                        "APPROVAL",
                        "approvals",
                        "[{\"id\":\"a-1\",\"state\":\"pending\"},{\"id\":\"a-2\",\"state\":\"rejected\"}]",
                        "a-1"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void candidates_ofAKindAndPrefix_areThoseThatMatch(String kind, String path, String answer, String found) {
        try (StubService service = StubService.answering(200, JSON, answer)) {
            assertThat(run(service, kind, "a")).isZero();

            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/" + path);
            assertThat(shell.out().lines()).containsExactly(found);
            assertThat(shell.err()).isEmpty();
        }
    }

    @Test
    void webhooks_withTheBeginningOfAUrl_areTheirUrls() {
        try (StubService service = StubService.answering(200, JSON, WEBHOOKS)) {
            assertThat(run(service, "WEBHOOK", "http://o")).isZero();

            assertThat(shell.out().lines()).containsExactly("http://one:8080/a");
        }
    }

    @Test
    void webhooks_withoutABeginning_areUrls_orIdsOfAmbiguousOrUnusualUrls() {
        try (StubService service = StubService.answering(200, JSON, WEBHOOKS)) {
            assertThat(run(service, "WEBHOOK", "")).isZero();

            assertThat(shell.out().lines()).containsExactly("http://one:8080/a", "id-2", "id-3", "id-4");
        }
    }

    @Test
    void deliveries_ofAWebhook_areItsNewest() {
        try (StubService service = StubService.answering(200, JSON, DELIVERIES)) {
            assertThat(run(service, "DELIVERY", "", WEBHOOK)).isZero();

            assertThat(service.onlyRequest().path()).isEqualTo(PATH_OF_DELIVERIES);
            assertThat(shell.out().lines()).containsExactly("d1", "d2");
        }
    }

    @Test
    void deliveries_ofAWebhookThatIsNamedByItsUrl_areItsNewest() {
        StubService.Answer webhooks = new StubService.Answer(
                200,
                JSON,
                "[" + webhook("00000000-0000-4000-8000-000000000000", "http://first") + ","
                        + webhook(WEBHOOK, "http://second") + "]");
        try (StubService service =
                StubService.answeringInTurn(webhooks, new StubService.Answer(200, JSON, DELIVERIES))) {
            assertThat(run(service, "DELIVERY", "d2", "http://second")).isZero();

            assertThat(service.requests()).hasSize(2);
            assertThat(service.requests().getLast().path()).isEqualTo(PATH_OF_DELIVERIES);
            assertThat(shell.out().lines()).containsExactly("d2");
        }
    }

    private static String webhook(String id, String url) {
        return "{\"id\":\"" + id + "\",\"url\":\"" + url
                + "\",\"events\":[],\"heldMinutes\":60,\"enabled\":true,\"version\":1}";
    }

    private int run(StubService service, String... arguments) {
        return new CommandLine(new CompletionCandidatesCommand(shell.context())).execute(service.arguments(arguments));
    }
}
