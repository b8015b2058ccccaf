package io.keysweep.server.tracing;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records the spans of scans and sweeps, so that a trace shows the effects of a request in all processes.
 *
 * <p>A trace is a tree of spans; a span is a piece of work with a start and an end. A sweep is the part of a scan that
 * visits one primary. Without the setting {@code tracing.endpoint} nothing is recorded, and no class of OpenTelemetry
 * is loaded. Thread-safe.
 */
public interface Traces {

    /** Traces that record nothing, which is the default. */
    Traces NONE = new NoTraces();

    /**
     * Chooses the trace of a scan that is being created: the trace of the request on this thread, or else a new one.
     *
     * @return the ids of the scan's span and trace, which must be stored with the scan; null if the trace is not
     *     recorded
     */
    @Nullable ScanTrace newScan();

    /**
     * Records the span of a scan that has ended. Any process may have created the scan.
     *
     * @param trace ids of the scan's span and trace
     * @param attributes attributes of the span, by name
     * @param failure why the scan has failed, in words for users; null if it has succeeded
     */
    void recordScan(
            ScanTrace trace, Instant begin, Instant end, Map<String, String> attributes, @Nullable String failure);

    /**
     * Begins the span of one run of a sweep, below the span of its scan. The log lines of this thread have the ids of
     * the trace until the span is closed.
     *
     * @param trace ids of the scan's span and trace; null if the trace is not recorded, so that the run is not recorded
     *     either
     * @param attributes attributes of the span, by name
     */
    RunSpan beginRun(@Nullable ScanTrace trace, Map<String, String> attributes);
}
