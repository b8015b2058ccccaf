package io.keysweep.engine.lettuce;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Replaces Lettuce's timer with one that never runs a task, because Lettuce's timer costs time and is not needed.
 *
 * <p>Lettuce limits the time of its handshake with a timer thread, which wakes up ten times per second as long as the
 * process lives. Each time, the thread may take the processor core from a Redis server on the same machine. Keysweep
 * needs no such limit: TCP and TLS have separate timeouts on the {@link CallerRunEventLoop}, and Lettuce's own
 * handshake is disabled, see {@link LettuceConnector}. Thread-safe, since it has no state.
 */
final class DisabledTimer implements Timer {

    /** Represents a timeout that never expires, which Lettuce expects in return for a task. */
    private record PendingTimeout(Timer timer, TimerTask task) implements Timeout {

        @Override
        public boolean isExpired() {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        /** Returns true, "cancelled in time", since the task has not run and never will. */
        @Override
        public boolean cancel() {
            return true;
        }
    }

    /** Returns a timeout without keeping the task, which never runs. */
    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        return new PendingTimeout(this, task);
    }

    @Override
    public Set<Timeout> stop() {
        return Set.of();
    }
}
