package io.keysweep.engine.lettuce;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A timer whose time never comes. Lettuce bounds its handshake by a thread that ticks ten times a second for as long as the
 * process lives, and each tick may push a server on the same machine off its core. Here TCP and TLS have their own timeouts,
 * on the {@link CallersLoop}, and between them and the first command nothing is waited for. Safe to share between threads.
 */
final class NoTimer implements Timer {

    private record Never(Timer timer, TimerTask task) implements Timeout {

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
        return new Never(this, task);
    }

    @Override
    public Set<Timeout> stop() {
        return Set.of();
    }
}
