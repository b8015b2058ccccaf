package io.keysweep.server.scan;

import io.keysweep.server.tracing.ScanTrace;
import io.keysweep.server.tracing.Traces;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records the span of each scan that has ended, if the scan belongs to a trace that is recorded. A span is a piece of
 * work in a trace. Thread-safe.
 */
@Component
class ScanSpans {

    private final ScanStore scans;
    private final Traces traces;

    ScanSpans(ScanStore scans, Traces traces) {
        this.scans = scans;
        this.traces = traces;
    }

    /**
     * Records the span after the commit of the transaction that ends the scan. If that transaction is rolled back, no
     * span is recorded.
     */
    @EventListener
    void recordAfterCommit(ScanEnded ended) {
        scans.trace(ended.scan().id())
                .ifPresent(trace ->
                        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                            @Override
                            public void afterCommit() {
                                record(ended, trace);
                            }
                        }));
    }

    /** Records the span of a scan, with the ending and the counts as attributes. */
    private void record(ScanEnded ended, ScanTrace trace) {
        Scan scan = ended.scan();
        traces.recordScan(
                trace,
                scan.createdAt(),
                Objects.requireNonNull(scan.finishedAt()),
                Map.of(
                        "keysweep.scan.id",
                        scan.id().toString(),
                        "keysweep.instance.id",
                        scan.instanceId().toString(),
                        "keysweep.scan.type",
                        scan.type().wireName(),
                        "keysweep.ending",
                        ended.ending().wireName().toUpperCase(Locale.ROOT),
                        "keysweep.visited",
                        Long.toString(scan.visited()),
                        "keysweep.reclaimed",
                        Long.toString(scan.reclaimed())),
                scan.failure());
    }
}
