package io.keysweep.engine.lettuce;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs the network input and output (the event loop) of one connection in the thread that waits for the replies.
 *
 * <p>Netty usually runs an event loop in a separate thread. Each reply would then wake up two threads, the event loop's
 * and the caller's. The additional thread would often take the processor core from a Redis server on the same machine.
 * Only the thread that created an instance may run or close it. While that thread is in none of the methods of this
 * class, nothing is received, and a closed connection is not noticed.
 */
final class CallerRunEventLoop implements AutoCloseable {

    private final ManualIoEventLoop loop;

    /**
     * Whether the thread was interrupted while it ran the loop. The loop has then cleared the thread's interrupt flag.
     */
    private boolean interrupted;

    CallerRunEventLoop() {
        IoHandlerFactory factory = NioIoHandler.newFactory();
        loop = new ManualIoEventLoop(
                Thread.currentThread(),
                executor -> new InterruptKeeper(factory.newHandler(executor), this::recordInterrupt));
    }

    private void recordInterrupt() {
        interrupted |= Thread.interrupted();
    }

    /** Returns the event loop to register channels with. */
    EventLoop eventLoop() {
        return loop;
    }

    /**
     * Handles what has arrived from the network by now, for example the end of the connection. Does not wait. The
     * thread's interrupt flag stays as it is.
     */
    void runArrived() {
        interrupted = false;
        try {
            recordInterrupt();
            loop.runNow();
        } finally {
            restoreInterrupt();
        }
    }

    /**
     * Runs the event loop until a future is done or the deadline has passed. An interrupt does not end the wait; the
     * thread's interrupt flag is set again afterwards.
     *
     * @param awaited the future, which the event loop completes
     * @param deadlineNanos the end of the wait, as a value of {@link System#nanoTime()}
     * @return true if the future is done, even if it was cancelled or failed; false if the deadline passed first
     */
    boolean runUntilDone(Future<?> awaited, long deadlineNanos) {
        interrupted = false;
        try {
            while (!awaited.isDone()) {
                long remainingNanos = deadlineNanos - System.nanoTime();
                if (remainingNanos <= 0) {
                    // If this process was suspended past the deadline, the reply may have arrived in the meantime.
                    loop.runNow();
                    return awaited.isDone();
                }
                // A selector returns immediately in an interrupted thread, so the flag is cleared while it waits.
                recordInterrupt();
                loop.run(remainingNanos);
            }
            return true;
        } finally {
            restoreInterrupt();
        }
    }

    private void restoreInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the open channels and ends the loop. Blocks until both are done. A second call has no effect. */
    @Override
    public void close() {
        interrupted = false;
        // No other thread runs the loop, so its shutdown must be run here as well.
        var unused = loop.shutdownGracefully(/* quietPeriod= */ 0, /* timeout= */ 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
        restoreInterrupt();
    }
}
