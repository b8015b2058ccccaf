package io.keysweep.testkit;

import java.time.Duration;

/** What happens to bytes that go through a {@link FaultProxy} in one direction; at first nothing. Safe to share. */
public final class NetworkFaults {

    private volatile Duration delay = Duration.ZERO;
    private volatile boolean swallowing;
    private volatile int bytesPerSecond = Integer.MAX_VALUE;

    NetworkFaults() {}

    /** Delivers what arrives from now on so much later, in order; zero ends it. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Half-open: whether bytes vanish without a trace, while the connection looks alive. */
    public void swallow(boolean swallowing) {
        this.swallowing = swallowing;
    }

    /** Reads at most so many bytes a second from the sender, who is held up once the system's buffers are full. */
    public void bytesPerSecond(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("bytesPerSecond is " + most + ", must be at least 1");
        }
        bytesPerSecond = most;
    }

    Duration delay() {
        return delay;
    }

    boolean swallowing() {
        return swallowing;
    }

    int bytesPerSecond() {
        return bytesPerSecond;
    }
}
