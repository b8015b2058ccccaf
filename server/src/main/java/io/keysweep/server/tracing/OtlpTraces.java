package io.keysweep.server.tracing;

import io.keysweep.api.BuildVersion;
import io.keysweep.server.config.TracingSettings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records traces with OpenTelemetry and sends them to a collector by OTLP over HTTP, in the background.
 *
 * <p>If the collector is slow or unreachable, spans are dropped: requests and sweeps never wait for the collector.
 * Thread-safe.
 */
final class OtlpTraces implements Traces, AutoCloseable {

    /** The time for which finished spans are collected before they are sent together in one request. */
    private static final Duration BATCH_DELAY = Duration.ofSeconds(1);

    /** The longest time that one request to the collector may take. */
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(10);

    /** The longest time that a stop of the service waits until the last spans are sent. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final SpanIds ids = new SpanIds();
    private final Sampler sampler;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    OtlpTraces(TracingSettings settings) {
        sampler = Sampler.traceIdRatioBased(settings.samplePercent() / 100.0);
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(Objects.requireNonNull(settings.endpoint(), "endpoint"))
                .setTimeout(EXPORT_TIMEOUT)
                .build();
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "keysweep",
                        AttributeKey.stringKey("service.version"),
                        BuildVersion.current().version())))
                .setSampler(Sampler.parentBased(sampler))
                .setIdGenerator(ids)
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(BATCH_DELAY)
                        .build())
                .build();
        tracer = provider.get("io.keysweep.server");
    }

    /**
     * Chooses the trace of a new scan. If a request creates the scan, the scan belongs to the trace of the request, and
     * is recorded if that trace is recorded. Otherwise the scan begins a new trace, which is recorded with the
     * probability in the settings.
     */
    @Override
    public @Nullable ScanTrace newScan() {
        SpanContext requestSpan = Span.current().getSpanContext();
        if (requestSpan.isValid()) {
            return requestSpan.isSampled()
                    ? new ScanTrace(requestSpan.getTraceId(), ids.generateSpanId(), requestSpan.getSpanId())
                    : null;
        }
        String traceId = ids.generateTraceId();
        SamplingDecision decision = sampler.shouldSample(
                        Context.root(), traceId, "scan", SpanKind.INTERNAL, Attributes.empty(), List.of())
                .getDecision();
        return decision == SamplingDecision.RECORD_AND_SAMPLE
                ? new ScanTrace(traceId, ids.generateSpanId(), /* parentSpanId= */ null)
                : null;
    }

    @Override
    public void recordScan(
            ScanTrace trace, Instant begin, Instant end, Map<String, String> attributes, @Nullable String failure) {
        SpanBuilder builder = tracer.spanBuilder("scan").setStartTimestamp(begin);
        String parent = trace.parentSpanId();
        builder.setParent(parent == null ? Context.root() : remote(trace.traceId(), parent));
        attributes.forEach(builder::setAttribute);
        ids.withIds(trace, () -> {
            Span span = builder.startSpan();
            if (failure != null) {
                span.setStatus(StatusCode.ERROR, failure);
            }
            span.end(end);
        });
    }

    @Override
    public RunSpan beginRun(@Nullable ScanTrace trace, Map<String, String> attributes) {
        if (trace == null) {
            return RunSpan.NONE;
        }
        SpanBuilder builder = tracer.spanBuilder("sweep").setParent(remote(trace.traceId(), trace.spanId()));
        attributes.forEach(builder::setAttribute);
        return new OtlpRunSpan(tracer, builder.startSpan());
    }

    /**
     * Begins the span of a request.
     *
     * @param parent context with the span of the caller, or the root
     */
    Span beginRequest(String name, Context parent) {
        return tracer.spanBuilder(name)
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent)
                .startSpan();
    }

    /**
     * Returns a context in which new spans become children of the span with these ids, which another process may have
     * recorded.
     */
    private static Context remote(String traceId, String spanId) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault())));
    }

    /** Sends the last spans. Waits until they are sent, but at most {@link #CLOSE_TIMEOUT}. */
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
