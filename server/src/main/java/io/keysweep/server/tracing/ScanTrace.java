package io.keysweep.server.tracing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the span of a scan and the trace that it belongs to. The service stores these ids with the scan, so that
 * workers in other processes continue the trace.
 *
 * @param traceId id of the trace, 32 hexadecimal digits (W3C Trace Context)
 * @param spanId id of the span of the scan, 16 hexadecimal digits
 * @param parentSpanId id of the span of the request that created the scan; null if no request created it
 */
public record ScanTrace(
        String traceId, String spanId, @Nullable String parentSpanId) {

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{32})-([0-9a-f]{16})(?:-([0-9a-f]{16}))?");

    /** Reads a text that {@link #text} has returned. Returns null for null and for any other text. */
    public static @Nullable ScanTrace parse(@Nullable String text) {
        Matcher parts = TEXT.matcher(text == null ? "" : text);
        return parts.matches() ? new ScanTrace(parts.group(1), parts.group(2), parts.group(3)) : null;
    }

    /** Returns the ids as they are stored, for example {@code 4bf9…4736-00f0…02b7}, with the parent if there is one. */
    public String text() {
        return traceId + "-" + spanId + (parentSpanId == null ? "" : "-" + parentSpanId);
    }
}
