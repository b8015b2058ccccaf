package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Tests what counts as reclaimed by the server during assist. */
class AssistTallyTest {

    private final AssistTally tally = new AssistTally("a:1", CycleReading.COUNTER, reading(1_000));

    @Test
    void reclaimed_risingCounter_isItsGrowth() {
        tally.observe(reading(1_300));
        tally.observe(reading(1_300));
        tally.observe(reading(1_450));
        assertThat(tally.progress().reclaimed()).isEqualTo(450);
    }

    /** CONFIG RESETSTAT sets the counter to 0. */
    @Test
    void reclaimed_beforeAndAfterAResetOfTheCounter_staysCounted() {
        tally.observe(reading(1_300));
        tally.observe(reading(40));
        tally.observe(reading(90));
        assertThat(tally.progress().reclaimed()).isEqualTo(390);
        assertThat(tally.report(AssistReport.Ending.LITTLE_LEFT, "few are left", List.of())
                        .reclaimed())
                .isEqualTo(390);
    }

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
