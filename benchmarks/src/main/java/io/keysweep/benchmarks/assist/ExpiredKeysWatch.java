package io.keysweep.benchmarks.assist;

import io.keysweep.testkit.RespClient;
import java.time.Duration;

/**
 * Measures when a server has removed nearly all of its expired keys: a thread reads DBSIZE every 5 ms.
 *
 * <p>If a command blocks the server, DBSIZE is answered after that command. The measured time then includes the rest of
 * the command.
 */
final class ExpiredKeysWatch implements AutoCloseable {

    /** The time between two readings of the number of keys. */
    static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    private final RespClient client;
    private final long maxKeys;
    private final long startNanos = System.nanoTime();
    private final Thread thread = new Thread(this::watch, "expired-keys-watch");
    private volatile boolean stopped;

    /** The time at which the number of keys was low enough, ns since the start; -1 until then. */
    private volatile long reachedNanos = -1;

    private ExpiredKeysWatch(RespClient client, long maxKeys) {
        this.client = client;
        this.maxKeys = maxKeys;
    }

    /**
     * Starts to watch.
     *
     * @param client a connection that nothing else uses; the watch closes it
     * @param maxKeys the number of keys, expired ones included, at which the watch ends
     */
    static ExpiredKeysWatch start(RespClient client, long maxKeys) {
        ExpiredKeysWatch watch = new ExpiredKeysWatch(client, maxKeys);
        watch.thread.start();
        return watch;
    }

    /** Polls the number of keys until it is low enough, and records the time. */
    private void watch() {
        try {
            while (!stopped && reachedNanos < 0) {
                if (client.callLong("DBSIZE") <= maxKeys) {
                    reachedNanos = System.nanoTime() - startNanos;
                }
                Thread.sleep(POLL_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch, and returns the seconds until the number of keys was low enough; -1 if it never was. */
    double stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return reachedNanos < 0 ? -1 : reachedNanos / 1e9;
    }

    @Override
    public void close() {
        stopped = true;
        client.close();
    }
}
