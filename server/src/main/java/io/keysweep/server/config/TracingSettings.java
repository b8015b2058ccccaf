package io.keysweep.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Contains the settings of traces, which are off unless an operator names a collector.
 *
 * @param endpoint URL to which spans are sent by OTLP over HTTP; null for none (default)
 * @param samplePercent how many of the traces that begin in this service are recorded, 0 to 100 percent; default 100
 */
public record TracingSettings(@Nullable String endpoint, int samplePercent) {

    /** The default: no traces. */
    public static final TracingSettings NONE = new TracingSettings(/* endpoint= */ null, /* samplePercent= */ 100);

    /** Returns whether traces are recorded. */
    boolean isOn() {
        return endpoint != null;
    }
}
