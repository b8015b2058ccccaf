package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanEnded;
import io.keysweep.server.scan.ScanEnding;
import io.keysweep.server.scan.ScanState;
import io.keysweep.server.scan.ScanType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests in which state the metrics count a scan that has ended. */
final class ScanMetersTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScanMeters meters = new ScanMeters(registry);

    @Test
    void scan_thatIsCancelled_isNotCountedAsFailed() {
        meters.onScanEnded(new ScanEnded(failedScan(), ScanEnding.CANCELLED));

        assertThat(endedScans("cancelled")).isEqualTo(1);
        assertThat(endedScans("failed")).isZero();
        assertThat(registry.get("keysweep.scan.duration")
                        .tag("state", "cancelled")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void scan_thatFails_isCountedAsFailed() {
        meters.onScanEnded(new ScanEnded(failedScan(), ScanEnding.FAILED));

        assertThat(endedScans("failed")).isEqualTo(1);
        assertThat(endedScans("cancelled")).isZero();
    }

    private double endedScans(String state) {
        return registry.get("keysweep.scans.ended")
                .tag("state", state)
                .tag("type", "manual")
                .counter()
                .count();
    }

    private static Scan failedScan() {
        return new Scan(
                UUID.randomUUID(),
                UUID.randomUUID(),
                ScanType.MANUAL,
                ScanState.FAILED,
                Duration.ofHours(1),
                /* rateCeiling= */ null,
                "Cancelled by ann",
                /* createdAt= */ NOW,
                /* startedAt= */ NOW.plusSeconds(1),
                /* finishedAt= */ NOW.plusSeconds(2),
                List.of());
    }
}
