package io.keysweep.engine.lettuce;

import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The event loop of one connection without a thread of its own: it runs in the thread that made it, while that waits for
 * something. So an answer wakes up one thread of ours rather than two, of which one would as likely as not push a server
 * on the same machine off its core.
 */
final class CallersLoop implements AutoCloseable {

    private final ManualIoEventLoop loop = new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());

    /** What channels are to be registered with. */
    EventLoop eventLoop() {
        return loop;
    }

    /**
     * Runs until something is done or it is too late. An interrupt does not cut it short; the thread stays interrupted.
     *
     * @param deadlineNanos in the time of {@link System#nanoTime()}
     * @return whether it is done
     */
    boolean runUntilDone(Future<?> awaited, long deadlineNanos) {
        boolean interrupted = false;
        try {
            while (!awaited.isDone()) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    // If this process was frozen, the answer may be there by now.
                    loop.runNow();
                    return awaited.isDone();
                }
                // A selector does not wait for an interrupted thread.
                interrupted |= Thread.interrupted();
                loop.run(left);
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes what is open on it, and ends it; from the same thread. */
    @Override
    public void close() {
        var unused = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }
}
