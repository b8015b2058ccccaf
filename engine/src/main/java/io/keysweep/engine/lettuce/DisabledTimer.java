package io.keysweep.engine.lettuce;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A timer that never fires. Lettuce limits its handshake with a timer thread that ticks ten times a second for the life
 * of the process. Each tick may displace a server on the same machine from its core. Keysweep does not need the timer:
 * TCP and TLS have their own timeouts on the {@link CallerRunEventLoop}, and nothing is awaited between them and the
 * first command. Thread-safe.
 */
final class DisabledTimer implements Timer {

    /** Represents a timeout that never expires. */
    private record PendingTimeout(Timer timer, TimerTask task) implements Timeout {

        @Override
        public boolean isExpired() {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean cancel() {
            return true;
        }
    }

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        return new PendingTimeout(this, task);
    }

    @Override
    public Set<Timeout> stop() {
        return Set.of();
    }
}
