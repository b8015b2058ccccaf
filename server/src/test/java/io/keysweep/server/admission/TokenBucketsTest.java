package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.admission.Slots.Taken;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the limits of requests per second, and of requests at the same time, for each access key. */
class TokenBucketsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final TokenBuckets buckets = new TokenBuckets(10, now::get);

    @Test
    void key_ofAGreedyCaller_getsTwoSecondsAtOnceThenItsRateAndOthersAreNotAffected() {
        assertThat(takeOf("a", 30)).isEqualTo(20);
        assertThat(buckets.take("b")).isTrue();
        // The clock overflows here, as nanoTime may.
        now.addAndGet(500_000_000);
        assertThat(takeOf("a", 30)).isEqualTo(5);
        now.addAndGet(3_600_000_000_000L);
        assertThat(takeOf("a", 30)).isEqualTo(20);
    }

    @Test
    void buckets_ofManyKeys_forgetThoseThatWereUsedLongestAgo() {
        assertThat(takeOf("a", 30)).isEqualTo(20);
        IntStream.range(0, 10_000).forEach(i -> buckets.take("key" + i));
        assertThat(buckets.take("a")).isTrue();
    }

    @Test
    void slots_areLimitedByKeyAndInAll_andGivenBack() {
        Slots slots = new Slots(2, 3);
        assertThat(slots.take("a")).isEqualTo(Taken.YES);
        assertThat(slots.take("a")).isEqualTo(Taken.YES);
        assertThat(slots.take("a")).isEqualTo(Taken.KEY_LIMIT);
        assertThat(slots.take("b")).isEqualTo(Taken.YES);
        assertThat(slots.take("b")).isEqualTo(Taken.TOTAL_LIMIT);
        slots.giveBack("a");
        assertThat(slots.take("b")).isEqualTo(Taken.YES);
        assertThat(slots.take("a")).isEqualTo(Taken.TOTAL_LIMIT);
    }

    private long takeOf(String key, int times) {
        return IntStream.range(0, times).filter(i -> buckets.take(key)).count();
    }
}
