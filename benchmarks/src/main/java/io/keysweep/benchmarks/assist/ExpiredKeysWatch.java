package io.keysweep.benchmarks.assist;

import io.keysweep.testkit.RespClient;
import java.time.Duration;

/**
 * Notes when a server has lost nearly all of its expired keys, by DBSIZE every few milliseconds on a thread of its own.
 *
 * <p>A command that blocks the server delays the answer, so the note is then late by the rest of that command.
 */
final class ExpiredKeysWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(5);

    private final RespClient client;
    private final long enough;
    private final long startNanos = System.nanoTime();
    private final Thread thread = new Thread(this::watch, "expired-keys-watch");
    private volatile boolean over;

    /** When the number of keys was low enough, ns since the start; below 0 until then. */
    private volatile long reachedNanos = -1;

    private ExpiredKeysWatch(RespClient client, long enough) {
        this.client = client;
        this.enough = enough;
    }

    /**
     * Starts to watch.
     *
     * @param client a connection that nothing else uses; the watch closes it
     * @param enough the number of keys, expired ones included, that is low enough
     */
    static ExpiredKeysWatch start(RespClient client, long enough) {
        ExpiredKeysWatch watch = new ExpiredKeysWatch(client, enough);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!over && reachedNanos < 0) {
                if (client.callLong("DBSIZE") <= enough) {
                    reachedNanos = System.nanoTime() - startNanos;
                }
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch, and returns the seconds until the number of keys was low enough; below 0 if it never was. */
    double stop() throws InterruptedException {
        over = true;
        thread.join();
        return reachedNanos < 0 ? -1 : reachedNanos / 1e9;
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }
}
