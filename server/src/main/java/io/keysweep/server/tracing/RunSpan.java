package io.keysweep.server.tracing;

/**
 * Records one run of a sweep as a span of a trace. A run is the work of one worker on a sweep.
 *
 * <p>The run consists of phases, such as a hold. The phases follow one another, and each becomes a child span of the
 * run. Only the thread of the sweep may call the methods.
 */
public interface RunSpan extends AutoCloseable {

    /** Ignores everything, for a run whose trace is not recorded. */
    RunSpan NONE = new RunSpan() {
        @Override
        public void beginPhase(String name, String detail) {}

        @Override
        public void attribute(String key, String value) {}

        @Override
        public void fail(String reason) {}

        @Override
        public void close() {}
    };

    /**
     * Ends the current phase and begins another.
     *
     * @param name name of the phase, such as {@code hold}; there are only a few names
     * @param detail why the phase began, in words for users; may be empty
     */
    void beginPhase(String name, String detail);

    /** Adds an attribute of the run to the span, such as the number of visited keys. */
    void attribute(String key, String value);

    /** Marks the run as failed. The reason is in words for users. */
    void fail(String reason);

    /** Ends the current phase and the run. */
    @Override
    void close();
}
