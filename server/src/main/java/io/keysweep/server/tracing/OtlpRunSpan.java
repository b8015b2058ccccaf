package io.keysweep.server.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Records one run of a sweep as spans of OpenTelemetry.
 *
 * <p>A run is the work of one worker on a sweep. A phase is a child span of the run: {@code connect}, {@code steps} or
 * {@code hold} (a time without calls that visit keys). Only the first 100 phases of a run are recorded, so that its
 * trace remains small even if the sweep is on hold again and again. The 100th phase lasts to the end of the run.
 */
final class OtlpRunSpan implements RunSpan {

    private static final int MAX_PHASES = 100;

    private final Tracer tracer;
    private final Span run;
    private final LogIds logIds;
    private @Nullable Span phase;
    private int phases;

    OtlpRunSpan(Tracer tracer, Span run) {
        this.tracer = tracer;
        this.run = run;
        this.logIds = new LogIds(run.getSpanContext());
    }

    @Override
    public void beginPhase(String name, String detail) {
        if (phases == MAX_PHASES) {
            return;
        }
        phases++;
        endPhase();
        phase = tracer.spanBuilder(name).setParent(Context.root().with(run)).startSpan();
        if (!detail.isEmpty()) {
            phase.setAttribute("keysweep.reason", detail);
        }
    }

    @Override
    public void attribute(String key, String value) {
        run.setAttribute(key, value);
    }

    @Override
    public void fail(String reason) {
        run.setStatus(StatusCode.ERROR, reason);
    }

    @Override
    public void close() {
        endPhase();
        run.end();
        logIds.close();
    }

    private void endPhase() {
        if (phase != null) {
            phase.end();
            phase = null;
        }
    }
}
