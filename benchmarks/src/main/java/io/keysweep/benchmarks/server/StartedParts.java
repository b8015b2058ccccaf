package io.keysweep.benchmarks.server;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Collects what a benchmark has started, such as servers and connections, and closes it in the reverse order.
 *
 * <p>If a later start fails, {@link #closeAfter} ends the parts that were started before. Not safe to share between
 * threads.
 */
public final class StartedParts implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Creates a collection without parts. */
    public StartedParts() {}

    /** Adds a part right after its start. */
    public void add(AutoCloseable part) {
        parts.push(part);
    }

    /**
     * Closes all parts because of a failure, which the caller throws next. If a part cannot be closed, the problem is
     * added to the failure, and the other parts are still closed.
     */
    public void closeAfter(Throwable failure) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                failure.addSuppressed(e);
            }
        }
    }

    /**
     * Closes all parts. A second call does nothing.
     *
     * @throws IllegalStateException if a part cannot be closed; the others are closed nevertheless
     */
    @Override
    public void close() {
        IllegalStateException failure = new IllegalStateException("Not everything could be closed");
        closeAfter(failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
