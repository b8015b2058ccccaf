package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the limit of requests per second for each access key. */
class TokenBucketsTest {

    private static final int RATE = 10;

    /** The number of requests that a key can send without a pause, if it has sent none before. */
    private static final int MAX_BURST = 2 * RATE;

    /** A number of requests that is more than a key can send without a pause. */
    private static final int TOO_MANY = 30;

    /** The clock in nanoseconds. It overflows during a test, as {@link System#nanoTime} may. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    private final TokenBuckets buckets = new TokenBuckets(RATE, now::get);

    @Test
    void take_byAGreedyCaller_isGrantedForTwoSeconds_andThenAtTheRate() {
        assertThat(takeOf("a", TOO_MANY)).isEqualTo(MAX_BURST);

        // Other callers are not affected.
        assertThat(buckets.take("b")).isTrue();

        // After half a second, the requests of half a second are granted.
        now.addAndGet(Duration.ofMillis(500).toNanos());
        assertThat(takeOf("a", TOO_MANY)).isEqualTo(RATE / 2);

        // A long pause does not allow a longer burst.
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(takeOf("a", TOO_MANY)).isEqualTo(MAX_BURST);
    }

    @Test
    void take_afterRequestsOfManyKeys_forgetsTheOldestKey() {
        assertThat(takeOf("a", TOO_MANY)).isEqualTo(MAX_BURST);
        IntStream.range(0, 10_000).forEach(i -> buckets.take("key" + i));
        assertThat(buckets.take("a")).isTrue();
    }

    /** Takes tokens of a key, and returns how many were granted. */
    private long takeOf(String key, int times) {
        return IntStream.range(0, times).filter(i -> buckets.take(key)).count();
    }
}
