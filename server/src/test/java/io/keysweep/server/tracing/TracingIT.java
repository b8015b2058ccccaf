package io.keysweep.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.tracing.OtlpReceiver.ReceivedSpan;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the traces that a service sends to an OpenTelemetry collector. */
class TracingIT {

    @TempDir
    private Path home;

    @Test
    void scan_ofARequest_isOneTraceFromTheRequestToTheSteps() throws IOException, InterruptedException {
        try (OtlpReceiver collector = OtlpReceiver.start();
                RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess service = ServiceProcess.start(
                        TestDatabase.prepareHome(home),
                        Map.of("KEYSWEEP_LOG_FORMAT", "ecs", "KEYSWEEP_TRACING_ENDPOINT", collector.endpoint()))) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50);
            String scanId = service.startScan(service.register("orders", redis.uri()));

            assertThat(service.awaitEnd(scanId).path("state").asString()).isEqualTo("success");

            // The service sends its last spans when it stops.
            service.terminate();
            ReceivedSpan scan = collector.span("scan").orElseThrow();
            ReceivedSpan sweep = collector.span("sweep").orElseThrow();

            // The request is the parent of the scan, the scan of the sweep, and the sweep of connect and steps.
            assertThat(collector.spans())
                    .filteredOn(span -> span.id().equals(scan.parentId()))
                    .singleElement()
                    .satisfies(request -> {
                        assertThat(request.name()).startsWith("POST /");
                        assertThat(request.parentId()).isEmpty();
                    });
            assertThat(sweep.parentId()).isEqualTo(scan.id());
            assertThat(collector.spans())
                    .filteredOn(span -> span.parentId().equals(sweep.id()))
                    .extracting(ReceivedSpan::name)
                    .startsWith("connect", "steps");

            // All of them belong to one trace.
            assertThat(collector.spans())
                    .filteredOn(span -> span.traceId().equals(scan.traceId()))
                    .extracting(ReceivedSpan::name)
                    .contains("scan", "sweep", "connect", "steps");

            // A line of the log names the trace and the span.
            assertThat(Files.readAllLines(home.resolve("service.log")))
                    .anyMatch(line -> line.contains("ended COMPLETED")
                            && line.contains("\"traceId\":\"" + scan.traceId() + "\"")
                            && line.contains("\"spanId\":\"" + sweep.id() + "\""));
        }
    }
}
