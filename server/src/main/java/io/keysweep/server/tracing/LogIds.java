package io.keysweep.server.tracing;

import io.opentelemetry.api.trace.SpanContext;
import org.slf4j.MDC;

/** Adds the ids of a span and its trace to the log lines of this thread, until {@link #close} is called. */
final class LogIds implements AutoCloseable {

    private static final String TRACE_ID = "traceId";
    private static final String SPAN_ID = "spanId";

    LogIds(SpanContext span) {
        MDC.put(TRACE_ID, span.getTraceId());
        MDC.put(SPAN_ID, span.getSpanId());
    }

    @Override
    public void close() {
        MDC.remove(TRACE_ID);
        MDC.remove(SPAN_ID);
    }
}
