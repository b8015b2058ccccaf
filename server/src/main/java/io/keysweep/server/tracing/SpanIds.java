package io.keysweep.server.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Generates the ids of traces and spans for OpenTelemetry: random ids, or the stored ids of a scan for its own span.
 *
 * <p>The span of a scan is recorded when the scan ends. The spans below it are recorded much earlier, in any process,
 * and name the span of the scan as their parent. The ids of the scan's span are therefore chosen when the scan is
 * created. Thread-safe.
 */
final class SpanIds implements IdGenerator {

    /** The ids that a span begun on this thread gets; null for random ids. */
    private static final ThreadLocal<@Nullable ScanTrace> PRESET = new ThreadLocal<>();

    private final IdGenerator random = IdGenerator.random();

    /** Runs an action on this thread. The span that the action begins gets the ids of a scan. */
    void withIds(ScanTrace ids, Runnable action) {
        PRESET.set(ids);
        try {
            action.run();
        } finally {
            PRESET.remove();
        }
    }

    @Override
    public String generateSpanId() {
        ScanTrace ids = PRESET.get();
        return ids == null ? random.generateSpanId() : ids.spanId();
    }

    @Override
    public String generateTraceId() {
        ScanTrace ids = PRESET.get();
        return ids == null ? random.generateTraceId() : ids.traceId();
    }
}
