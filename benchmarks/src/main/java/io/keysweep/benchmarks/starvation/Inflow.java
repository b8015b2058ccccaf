package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.server.Planter;
import io.keysweep.testkit.RespClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys with a TTL at a steady rate, and records when they expire, so that the number of live keys is known.
 *
 * <p>The server runs on this machine and uses the same clock. A thread writes a batch of keys every 100 ms, and all
 * keys of a batch expire at the same moment.
 */
final class Inflow implements AutoCloseable {

    /** The time between two batches, ns. */
    private static final long TICK_NANOS = 100_000_000;

    private static final int TICKS_PER_SECOND = 10;

    private final StarvationSpec spec;
    private final RespClient client;
    private final Planter planter;

    /** The batches that have not expired yet, in the order of their expiry. The deque is also the lock for itself. */
    private final Deque<Batch> living = new ArrayDeque<>();

    private final Thread thread = new Thread(this::run, "inflow");
    private volatile boolean closed;

    /** The exception that ended the writing; null if there was none. */
    private volatile @Nullable RuntimeException failure;

    private Inflow(StarvationSpec spec, int port) {
        this.spec = spec;
        this.client = RespClient.connect(port);
        this.planter = new Planter(client, spec.valueSize());
    }

    /** Starts to write on a separate thread. */
    static Inflow start(StarvationSpec spec, int port) {
        Inflow inflow = new Inflow(spec, port);
        inflow.thread.start();
        return inflow;
    }

    /**
     * Returns the number of written keys that have not expired yet.
     *
     * @throws RuntimeException the exception that ended the writing, if there was one
     */
    long living() {
        RuntimeException writeFailure = failure;
        if (writeFailure != null) {
            throw writeFailure;
        }
        synchronized (living) {
            long now = System.currentTimeMillis();
            while (!living.isEmpty() && living.getFirst().deadlineMillis <= now) {
                living.removeFirst();
            }
            return living.stream().mapToLong(Batch::keys).sum();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }

    /** Plants keys at the rate of the specification until it is closed. */
    private void run() {
        try {
            long next = 0;
            long start = System.nanoTime();
            for (long tick = 1; !closed; tick++) {
                // The number of keys that must exist by now. A late batch is larger, so the rate stays the same.
                long due = spec.inflow() * tick / TICKS_PER_SECOND;
                long deadline = System.currentTimeMillis() + spec.ttl().toMillis();
                planter.plantUntil("short:", next, due, deadline);
                synchronized (living) {
                    living.addLast(new Batch(deadline, due - next));
                }
                next = due;
                long wait = start + tick * TICK_NANOS - System.nanoTime();
                for (; wait > 0; wait = start + tick * TICK_NANOS - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /**
     * Counts the keys that expire at one moment.
     *
     * @param deadlineMillis the moment, Unix time in ms
     * @param keys the number of keys
     */
    private record Batch(long deadlineMillis, long keys) {}
}
