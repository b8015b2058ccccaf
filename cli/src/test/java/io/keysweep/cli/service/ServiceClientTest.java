package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.ScanView;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the requests that the command line sends to a service, and how it reads the answers. */
final class ServiceClientTest {

    private static final String JSON = "application/json";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void createScan_anyInstance_isSignedAndHasNoBody() throws InterruptedException {
        try (StubService service = StubService.answering(200, JSON, "{\"id\":\"s\",\"status\":\"waiting\",\"x\":1}");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertThat(client.createScan("i")).isEqualTo(new CreatedScan("s", "waiting"));

            StubService.Received request = service.onlyRequest();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/v2/project/instances/i/scan-expire-keys-task");
            assertThat(request.authorization()).startsWith("SDK-HMAC-SHA256 Access=ak, SignedHeaders=");
            assertThat(request.projectId()).isEqualTo("project");
            assertThat(request.body()).isEmpty();
        }
    }

    @Test
    void register_withPassword_sendsItInTheBody() throws InterruptedException {
        String instance = "{\"id\":\"i\",\"projectId\":\"project\",\"name\":\"n\",\"uri\":\"redis://h:1\","
                + "\"hasPassword\":true,\"hasSentinelPassword\":false,\"tags\":{\"env\":\"prod\"},"
                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":1}";
        try (StubService service = StubService.answering(201, JSON, instance);
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertThat(client.register(InstanceRegistration.of("n", "redis://h:1", /* username= */ null, "secret"))
                            .id())
                    .isEqualTo("i");

            assertThat(service.onlyRequest().body()).contains("\"password\":\"secret\"");
        }
    }

    @Test
    void instances_anArray_isRead() throws InterruptedException {
        try (StubService service = StubService.answering(200, JSON, "[]");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertThat(new InstanceCalls(client).list()).isEmpty();
        }
    }

    @Test
    void remove_idWithSpecialCharacters_isOnePathSegment() throws InterruptedException {
        try (StubService service = StubService.answering(204, JSON, "");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            new InstanceCalls(client).remove("../a b?c");

            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/..%2Fa%20b%3Fc");
        }
    }

    @Test
    void scan_runningWithNulls_isRead() throws InterruptedException {
        String scan =
                "{\"id\":\"s\",\"instanceId\":\"i\",\"status\":\"running\",\"state\":\"held\",\"scanType\":\"manual\","
                        + "\"visited\":5,\"reclaimed\":2,\"exact\":true,\"fraction\":0.5,"
                        + "\"hold\":\"server unreachable\",\"failure\":null,"
                        + "\"method\":null,\"longestStallMs\":1.25,\"usedMemoryBefore\":null,\"usedMemoryAfter\":null,"
                        + "\"createdAt\":\"2026-01-01T00:00:00.123Z\",\"startedAt\":null,\"finishedAt\":null,"
                        + "\"version\":3,\"timeoutSeconds\":60,\"pace\":{\"stallBudgetMs\":1.0,\"share\":0.25},"
                        + "\"remainingSeconds\":90,\"memory\":{\"method\":\"MEASURED\",\"reclaimedBytes\":1048576,"
                        + "\"explanation\":\"measured\",\"keysBefore\":30,\"expiresBefore\":20},"
                        + "\"databases\":[{\"db\":7,\"visited\":5,\"reclaimed\":2,\"keysBefore\":30}],"
                        + "\"holds\":[{\"reason\":\"paused by ann\",\"times\":2,\"heldMs\":90000}],\"sweeps\":[]}";
        try (StubService service = StubService.answering(200, JSON, scan);
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            ScanView view = client.scan("s");

            assertThat(view.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00.123Z"));
            assertThat(ScanLines.lines(view))
                    .startsWith("Scan s (manual): held, 50 %, about 2 min left")
                    .contains(
                            "  held           server unreachable",
                            "  by reclaiming  about 1.0 MiB (measured)",
                            "  keys           30, with a TTL 20",
                            "  db 7           visited 5, reclaimed 2, keys 30",
                            "  was held       2 min, 2 times: paused by ann");
            assertThat(ScanLines.lines(view, "orders")).contains("  instance       orders (" + view.instanceId() + ")");
        }
    }

    @ParameterizedTest
    @CsvSource({"schlüssel, project, the access key", "ak, 项目, the project id"})
    void create_valueThatNoHeaderCanHave_isRefusedWithoutShowingIt(String key, String project, String words) {
        ServiceAccess access = new ServiceAccess(URI.create("http://127.0.0.1:1"), project, key, "sk");

        assertThatThrownBy(() -> new ServiceClient(access, CLOCK))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith(words + " has a character")
                .hasMessageNotContaining("schlüssel")
                .hasMessageNotContaining("项目");
    }
}
