package io.keysweep.server.tracing;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records the spans of scans and sweeps, so that a trace shows what became of a request in all processes.
 *
 * <p>A trace is a tree of spans; a span is a piece of work with a begin and an end. Without the setting {@code
 * tracing.endpoint} nothing is recorded, and no class of OpenTelemetry is loaded. Thread-safe.
 */
public interface Traces {

    /** Traces that record nothing, which is the default. */
    Traces NONE = new NoTraces();

    /**
     * Places a scan that is being created in a trace: that of the request on this thread, or else a new one.
     *
     * @return the place, which must be stored with the scan; null if the trace is not recorded
     */
    @Nullable ScanTrace newScan();

    /**
     * Records the span of a scan that has ended, in any process.
     *
     * @param trace place of the scan in its trace
     * @param attributes what the span says of the scan
     * @param failure why the scan has failed, in words for users; null if it has succeeded
     */
    void recordScan(
            ScanTrace trace, Instant begin, Instant end, Map<String, String> attributes, @Nullable String failure);

    /**
     * Begins the span of one run of a sweep, below the span of its scan. The log lines of this thread have the ids of
     * the trace until the span is closed.
     *
     * @param trace place of the scan in its trace; null if the trace is not recorded, and then neither is the run
     * @param attributes what the span says of the run
     */
    RunSpan beginRun(@Nullable ScanTrace trace, Map<String, String> attributes);
}
