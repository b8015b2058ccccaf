package io.keysweep.server.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Generates the ids of traces and spans, at random unless a thread demands certain ones.
 *
 * <p>The span of a scan is recorded at its end, and its children much earlier and in other processes. So its ids are
 * chosen when the scan is created. Thread-safe.
 */
final class SpanIds implements IdGenerator {

    private static final ThreadLocal<@Nullable ScanTrace> DEMANDED = new ThreadLocal<>();

    private final IdGenerator random = IdGenerator.random();

    /** Gives the spans that this thread begins during an action the ids of a scan. */
    void whileUsing(ScanTrace ids, Runnable action) {
        DEMANDED.set(ids);
        try {
            action.run();
        } finally {
            DEMANDED.remove();
        }
    }

    @Override
    public String generateSpanId() {
        ScanTrace ids = DEMANDED.get();
        return ids == null ? random.generateSpanId() : ids.spanId();
    }

    @Override
    public String generateTraceId() {
        ScanTrace ids = DEMANDED.get();
        return ids == null ? random.generateTraceId() : ids.traceId();
    }
}
