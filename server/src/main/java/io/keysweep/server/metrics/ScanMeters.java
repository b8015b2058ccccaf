package io.keysweep.server.metrics;

import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanEnded;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Counts the scans that this process ends, by their final state and by what had started them. Thread-safe. */
@Component
final class ScanMeters {

    private final MeterRegistry registry;

    ScanMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts a scan after the transaction that ended it. */
    @TransactionalEventListener
    void onScanEnded(ScanEnded ended) {
        Scan scan = ended.scan();
        String state = scan.state().wireName();
        Counter.builder("keysweep.scans.ended")
                .description("Scans that have ended, by final state and type")
                .tag("state", state)
                .tag("type", scan.type().wireName())
                .register(registry)
                .increment();
        Instant start = scan.startedAt();
        Instant end = scan.finishedAt();
        if (start != null && end != null) {
            Timer.builder("keysweep.scan.duration")
                    .description("Time from the start of a scan to its end")
                    .tag("state", state)
                    .register(registry)
                    .record(Duration.between(start, end));
        }
    }
}
