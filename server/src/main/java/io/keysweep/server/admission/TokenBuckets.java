package io.keysweep.server.admission;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits the rate of requests per key by token buckets. Thread-safe.
 *
 * <p>A key is the id of an access key, or an address. Each request takes a token from the bucket of its key. A bucket
 * fills up at the rate, and has the tokens of two seconds at most. With a rate of 10, a key that was quiet may send 20
 * requests together, and then 10 each second.
 *
 * <p>To bound the memory, only the {@value #MAX_KEYS} keys that were used last have a bucket. Any other key begins with
 * a full bucket again.
 */
final class TokenBuckets {

    private static final int MAX_KEYS = 10_000;
    private static final int SECONDS_IN_BUCKET = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Tokens that a bucket gains per second. */
    private final double rate;

    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /** Contains how many tokens the bucket had at a time of the clock {@link TokenBuckets#nanoTime}. */
    private record Bucket(double tokens, long nanoTime) {}

    /**
     * Creates full buckets.
     *
     * @param rate requests per second of each key
     * @param nanoTime returns the current time in nanoseconds, as {@link System#nanoTime} does
     */
    TokenBuckets(int rate, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
    }

    /** Takes a token from the bucket of a key. Returns false if the bucket has less than one token. */
    synchronized boolean take(String key) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.get(key);
        double capacity = rate * SECONDS_IN_BUCKET;
        double tokens = bucket == null
                ? capacity
                : Math.min(capacity, bucket.tokens() + (now - bucket.nanoTime()) / NANOS_PER_SECOND * rate);
        boolean hasToken = tokens >= 1;
        buckets.put(key, new Bucket(hasToken ? tokens - 1 : tokens, now));
        return hasToken;
    }
}
