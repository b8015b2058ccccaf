package io.keysweep.testkit;

import java.time.Duration;

/**
 * Sets the faults of one direction of a {@link FaultProxy}: delay, loss and a limited rate.
 *
 * <p>At first there are no faults. A change takes effect with the next bytes that the proxy reads. Safe to share
 * between threads.
 */
public final class NetworkFaults {

    private volatile Duration delay = Duration.ZERO;
    private volatile boolean dropsBytes;
    private volatile int bytesPerSecond = Integer.MAX_VALUE;

    NetworkFaults() {}

    /** Delays bytes that arrive from now on, in order; {@link Duration#ZERO} ends the delay. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Drops all bytes while the connection stays open, as on a half-open connection; {@code false} ends the loss. */
    public void swallow(boolean dropsBytes) {
        this.dropsBytes = dropsBytes;
    }

    /**
     * Limits the rate at which the proxy reads from each connection; the sender blocks once the system's buffers are
     * full. {@link Integer#MAX_VALUE} ends the limit.
     */
    public void bytesPerSecond(int maxBytesPerSecond) {
        if (maxBytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond is " + maxBytesPerSecond + ", must be at least 1");
        }
        bytesPerSecond = maxBytesPerSecond;
    }

    Duration delay() {
        return delay;
    }

    boolean dropsBytes() {
        return dropsBytes;
    }

    int bytesPerSecond() {
        return bytesPerSecond;
    }
}
