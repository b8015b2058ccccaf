package io.keysweep.benchmarks.server;

import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Simulates an application that uses the server while a contender runs: GET and SET in turn on one connection, at a
 * fixed rate.
 *
 * <p>A request's latency is measured from the moment at which the request was due, so that it includes the whole wait
 * behind a stall. {@link #start} and {@link #stop} are called by one thread; another thread sends the requests.
 */
public final class ForegroundLoad implements AutoCloseable {

    /** The longest latency that the histogram can hold, 1 hour in ns; a longer one is treated as that. */
    private static final long MAX_NANOS = 3_600_000_000_000L;

    /** The time limit of a request. A blocking scan of the whole key space delays a request until the scan ends. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** The time for which requests are sent and not measured, because cold code of this process delays them. */
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final Histogram latencies = new Histogram(MAX_NANOS, 3);
    private final RespClient client;
    private final long keys;
    private final String value;
    private final long periodNanos;
    private final Thread thread = new Thread(this::run, "foreground-load");
    private final CountDownLatch warm = new CountDownLatch(1);

    /** The load ends with the last request that is due before this moment, by {@link System#nanoTime}. */
    private volatile long endNanos = Long.MAX_VALUE;

    /** The exception of the request that ended the load; null while all succeed. */
    private volatile @Nullable RuntimeException failure;

    private ForegroundLoad(int port, long keys, int valueSize, int perSecond) {
        this.client = RespClient.connect(port, TIMEOUT);
        this.keys = keys;
        this.value = "x".repeat(valueSize);
        this.periodNanos = 1_000_000_000L / perSecond;
    }

    /**
     * Starts the load on a separate thread, and returns when it is warm, after 2 s. Each request concerns a random key
     * of {@code live:0} to {@code live:<keys - 1>}, which must exist.
     *
     * @param port the port of the server on this machine
     * @param valueSize the bytes of each value
     * @param perSecond the requests per second, at least 1
     */
    public static ForegroundLoad start(int port, long keys, int valueSize, int perSecond) throws InterruptedException {
        ForegroundLoad load = new ForegroundLoad(port, keys, valueSize, perSecond);
        load.thread.start();
        load.warm.await();
        return load;
    }

    /**
     * Sends the requests that are due by now, ends the load and returns the latencies. Throws the exception of a
     * request that failed.
     */
    public Latencies stop() throws InterruptedException {
        endNanos = System.nanoTime();
        thread.join();
        RuntimeException requestFailure = failure;
        if (requestFailure != null) {
            throw requestFailure;
        }
        return new Latencies(latencies.getTotalCount(), millis(50), millis(99), millis(99.9), millis(100));
    }

    @Override
    public void close() {
        endNanos = Long.MIN_VALUE;
        client.close();
    }

    /** Sends requests until the end. Overdue requests follow a stall immediately, so the rate is kept on average. */
    private void run() {
        try {
            long due = System.nanoTime();
            long measuredFrom = due + WARM_UP.toNanos();
            for (boolean read = true; due < endNanos; read = !read) {
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                String key = "live:" + ThreadLocalRandom.current().nextLong(keys);
                if (read) {
                    client.call("GET", key);
                } else {
                    client.call("SET", key, value);
                }
                if (due >= measuredFrom) {
                    warm.countDown();
                    latencies.recordValue(Math.min(MAX_NANOS, System.nanoTime() - due));
                }
                due += periodNanos;
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            warm.countDown();
        }
    }

    private double millis(double percentile) {
        return ResultFile.rounded(latencies.getValueAtPercentile(percentile) / 1e6);
    }

    /**
     * Reports the latencies of an application's requests, from the moment at which a request was due to its answer.
     *
     * @param requests the number of requests
     * @param p50Ms the median, ms
     * @param p99Ms the 99th percentile, ms
     * @param p999Ms the 99.9th percentile, ms
     * @param longestMs the longest latency, ms
     */
    public record Latencies(long requests, double p50Ms, double p99Ms, double p999Ms, double longestMs) {}
}
