package io.keysweep.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.MemoryView;
import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import io.keysweep.cli.service.ServiceAccess;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the text and the JSON that the quickstart prints at its end. */
final class QuickstartResultTest {

    private static final MemoryView NO_MEMORY = new MemoryView(
            /* reclaimedBytes= */ null,
            /* method= */ null,
            /* explanation= */ null,
            /* rssBefore= */ null,
            /* rssAfter= */ null,
            /* keysBefore= */ null,
            /* keysAfter= */ null,
            /* expiresBefore= */ null,
            /* expiresAfter= */ null,
            /* inflow= */ null,
            /* expiredElsewhere= */ null,
            /* evicted= */ null,
            /* note= */ null);

    private static final QuickstartResult RESULT = QuickstartResult.of(
            DemoKeys.of(300_000, "demo:"),
            new ScanView(
                    /* id= */ "s",
                    /* instanceId= */ "i",
                    /* status= */ "success",
                    /* state= */ "success",
                    /* ending= */ "success",
                    /* scanType= */ "manual",
                    /* assist= */ "none",
                    /* assistReclaimed= */ null,
                    /* visited= */ 300_000,
                    /* reclaimed= */ 100_000,
                    /* exact= */ true,
                    /* fraction= */ 1,
                    /* hold= */ null,
                    /* failure= */ null,
                    /* method= */ "script",
                    /* longestStallMs= */ 1.25,
                    /* usedMemoryBefore= */ 5_000_000L,
                    /* usedMemoryAfter= */ 3_000_000L,
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("2026-01-01T00:00:01Z"),
                    Instant.parse("2026-01-01T00:00:02.500Z"),
                    /* version= */ 0,
                    /* timeoutSeconds= */ 21_600,
                    new PaceView(
                            /* profile= */ null,
                            /* stallBudgetMs= */ 1,
                            /* share= */ 0.25,
                            /* rateCeiling= */ null,
                            /* tunedBy= */ null,
                            /* tunedWhy= */ null),
                    /* pause= */ null,
                    /* remainingSeconds= */ null,
                    NO_MEMORY,
                    /* databases= */ List.of(),
                    /* holds= */ List.of(),
                    /* sweeps= */ List.of()),
            new ServiceAccess(URI.create("http://127.0.0.1:4711"), "p", "ak", "sk"),
            "redis://127.0.0.1:6379");

    @Test
    void toJson_anyResult_hasExactlyThePromisedFields() {
        assertThat(RESULT.toJson())
                .isEqualTo("{\"planted\":100000,\"visited\":300000,\"reclaimed\":100000,\"seconds\":1.5,"
                        + "\"keysPerSecond\":200000,\"longestStallMs\":1.25,\"usedMemoryBefore\":5000000,"
                        + "\"usedMemoryAfter\":3000000,\"endpoint\":\"http://127.0.0.1:4711\",\"projectId\":\"p\","
                        + "\"instanceId\":\"i\",\"accessKey\":\"ak\",\"secretKey\":\"sk\","
                        + "\"redisUri\":\"redis://127.0.0.1:6379\"}");
    }

    @Test
    void text_checkedResult_hasTheCountsAndInstructions() {
        assertThat(String.join(
                        "\n",
                        QuickstartText.lines(
                                RESULT, /* remark= */ null, /* isFaultless= */ true, /* keepsRunning= */ true)))
                .contains("It works: the scan reclaimed all 100,000 expired keys that were planted")
                .contains("300,000 keys in 1.5 s, 200,000 keys/s")
                .contains("http://127.0.0.1:4711/v3/auth/tokens")
                .contains(
                        "-X POST -H \"X-Auth-Token: $TOKEN\" http://127.0.0.1:4711/v2/p/instances/i/scan-expire-keys-task")
                .contains("createAutoExpireScanTask")
                .doesNotContain("--keep");
    }

    @Test
    void text_memoryNotReported_leavesItOut() {
        QuickstartResult withoutMemory = new QuickstartResult(
                /* planted= */ 1,
                /* visited= */ 3,
                /* reclaimed= */ 1,
                /* seconds= */ 1.5,
                /* keysPerSecond= */ 2,
                /* longestStallMs= */ 1.25,
                /* usedMemoryBefore= */ 5_000_000L,
                /* usedMemoryAfter= */ null,
                /* endpoint= */ "http://h:1",
                /* projectId= */ "p",
                /* instanceId= */ "i",
                /* accessKey= */ "ak",
                /* secretKey= */ "sk",
                /* redisUri= */ "redis://h");

        assertThat(withoutMemory.toJson()).contains("\"usedMemoryAfter\":null");
        assertThat(QuickstartText.lines(
                        withoutMemory, /* remark= */ null, /* isFaultless= */ true, /* keepsRunning= */ true))
                .contains("  longest stall  1.3 ms")
                .noneMatch(line -> line.contains("memory"));
        // The constant has both values, so the text shows the memory.
        assertThat(QuickstartText.lines(RESULT, /* remark= */ null, /* isFaultless= */ true, /* keepsRunning= */ true))
                .anyMatch(line -> line.startsWith("  memory         4.8 MiB -> 2.9 MiB"));
    }

    @Test
    void text_serviceThatEnds_namesTheOptionThatKeepsIt() {
        assertThat(String.join(
                        "\n",
                        QuickstartText.lines(RESULT, "A remark.", /* isFaultless= */ false, /* keepsRunning= */ false)))
                .contains("--keep")
                .contains("A remark.")
                .contains("The scan reclaimed 100,000 expired keys; 100,000 were planted.");
    }

    @Test
    void demoKeys_anyTotal_addUp() {
        assertThat(DemoKeys.of(300_000, ""))
                .isEqualTo(new DemoKeys("", /* persistent= */ 200_000, /* expiring= */ 100_000));
        assertThat(DemoKeys.of(5, "")).isEqualTo(new DemoKeys("", /* persistent= */ 4, /* expiring= */ 1));
    }
}
