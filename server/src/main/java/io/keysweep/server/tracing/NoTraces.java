package io.keysweep.server.tracing;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Implements {@link Traces} without recording anything, which is the default. */
final class NoTraces implements Traces {

    @Override
    public @Nullable ScanTrace newScan() {
        return null;
    }

    @Override
    public void recordScan(
            ScanTrace trace, Instant begin, Instant end, Map<String, String> attributes, @Nullable String failure) {}

    @Override
    public RunSpan beginRun(@Nullable ScanTrace trace, Map<String, String> attributes) {
        return RunSpan.NONE;
    }
}
