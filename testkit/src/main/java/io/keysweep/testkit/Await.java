package io.keysweep.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what real processes do, by asking until it is so. */
public final class Await {

    private static final long LIMIT_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /**
     * Returns once the condition holds. A {@link RespException} of it counts as not yet: processes that start, end or
     * change their role refuse or break connections.
     *
     * @param what the condition in words
     * @throws IllegalStateException if it does not hold within a minute
     */
    public static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (true) {
            RespException failure = null;
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (RespException e) {
                failure = e;
            }
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new IllegalStateException("Not within a minute: " + what, failure);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
