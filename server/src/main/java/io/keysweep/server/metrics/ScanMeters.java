package io.keysweep.server.metrics;

import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanEnded;
import io.keysweep.server.scan.ScanEnding;
import io.keysweep.server.scan.ScanType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Counts the scans that end in this process, and measures how long they waited and ran. Thread-safe.
 *
 * <p>The counts have two labels: {@code state} is the ending, and {@code type} says whether a user or the service
 * itself started the scan.
 */
@Component
final class ScanMeters {

    /** The upper bounds of the buckets of the histogram of waiting times; a last bucket contains all longer times. */
    private static final Duration[] WAIT_BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6)
    };

    private final MeterRegistry registry;
    private final Timer wait;

    ScanMeters(MeterRegistry registry) {
        this.registry = registry;
        // All counters are registered at 0, because rate() in Prometheus ignores the first value of a counter that
        // appears later.
        for (ScanEnding ending : ScanEnding.values()) {
            durationTimer(ending);
            for (ScanType type : ScanType.values()) {
                endedCounter(ending, type);
            }
        }
        wait = Timer.builder("keysweep.scan.wait")
                .description("Time from the creation of a scan to its start, counted when the scan has ended")
                .serviceLevelObjectives(WAIT_BUCKETS)
                .register(registry);
    }

    /**
     * Counts a scan, after the commit of the transaction that ended it. A scan that never started has no waiting time
     * and no duration.
     */
    @TransactionalEventListener
    void onScanEnded(ScanEnded ended) {
        Scan scan = ended.scan();
        endedCounter(ended.ending(), scan.type()).increment();
        Instant start = scan.startedAt();
        Instant end = scan.finishedAt();
        if (start != null) {
            wait.record(Duration.between(scan.createdAt(), start));
        }
        if (start != null && end != null) {
            durationTimer(ended.ending()).record(Duration.between(start, end));
        }
    }

    private Counter endedCounter(ScanEnding ending, ScanType type) {
        return Counter.builder("keysweep.scans.ended")
                .description("Scans that have ended, by ending and type")
                .tag("state", ending.wireName())
                .tag("type", type.wireName())
                .register(registry);
    }

    private Timer durationTimer(ScanEnding ending) {
        return Timer.builder("keysweep.scan.duration")
                .description("Time from the start of a scan to its end")
                .tag("state", ending.wireName())
                .register(registry);
    }
}
