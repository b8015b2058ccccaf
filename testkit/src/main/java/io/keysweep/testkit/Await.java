package io.keysweep.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what real processes do, by asking until it is so. */
public final class Await {

    private static final Duration LIMIT = Duration.ofSeconds(60);
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
        until(what, LIMIT, condition);
    }

    /** The same with another limit. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
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
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new IllegalStateException("Not within " + limit.toSeconds() + " s: " + what, failure);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns once a replica holds all that its primary has written, and the primary tells of it as one that does. */
    public static void synchronised(RespClient primary, RespClient replica) {
        until("the replica follows and its primary knows", () -> {
            String announced = primary.info("slave0");
            return announced != null
                    && announced.contains("state=online")
                    && "up".equals(replica.info("master_link_status"))
                    && String.valueOf(primary.info("master_repl_offset")).equals(replica.info("slave_repl_offset"));
        });
    }
}
