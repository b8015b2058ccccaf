package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * Tests how assist computes, from a server's counter of expired keys, how many keys the server has reclaimed.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
class AssistTallyTest {

    /** The tally, which begins when the counter is 1,000. */
    private final AssistTally tally = new AssistTally("a:1", CycleReading.COUNTER, reading(1_000));

    @Test
    void reclaimed_risingCounter_isItsGrowth() {
        tally.observe(reading(1_300));
        tally.observe(reading(1_300));
        tally.observe(reading(1_450));

        assertThat(tally.progress().reclaimed()).isEqualTo(450);
    }

    /** CONFIG RESETSTAT sets the counter to 0. The growth is 300 before the reset, and 90 after it. */
    @Test
    void reclaimed_counterIsReset_isTheGrowthBeforeAndAfterTheReset() {
        tally.observe(reading(1_300));
        tally.observe(reading(40));
        tally.observe(reading(90));

        assertThat(tally.progress().reclaimed()).isEqualTo(390);
        assertThat(tally.report(AssistReport.AssistEnding.LITTLE_LEFT, "few are left", List.of())
                        .reclaimed())
                .isEqualTo(390);
    }

    /** Returns a reading of a server that has expired some keys. */
    private static CycleReading reading(long expired) {
        return new CycleReading(
                /* at= */ 0,
                expired,
                OptionalLong.empty(),
                /* cpuSeconds= */ 0,
                OptionalDouble.empty(),
                /* volatileKeys= */ 10);
    }
}
