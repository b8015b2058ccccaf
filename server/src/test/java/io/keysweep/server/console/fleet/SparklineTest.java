package io.keysweep.server.console.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.trend.TrendPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the bars and the line of the small chart of an instance. */
final class SparklineTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void of_twoDays_hasABarForEachAndALine() {
        // The chart has 120 x 28 pixels, so each of 30 days is 4 pixels wide, and a bar is 3. The first day is at x =
        // 0, the last at 116. The most reclaimed keys, 20, are 25 pixels high, and 10 keys are 12.5. Each bar begins at
        // the bottom (28), in its middle, and goes up. Points of the line are in the middle of their day, at y = 28 -
        // 25 for the highest backlog, 400, and at y = 28 - 6.25 for 100.
        Sparkline spark = Sparkline.of(
                List.of(
                        day(/* ago= */ 29, /* reclaimed= */ 10, /* dead= */ 400L),
                        day(/* ago= */ 0, /* reclaimed= */ 20, /* dead= */ 100L)),
                NOW,
                30);
        assertThat(spark.bars()).isEqualTo("M1.5 28v-12.5M117.5 28v-25");
        assertThat(spark.line()).isEqualTo("2,3 118,21.8");
        assertThat(spark.reclaimed()).isEqualTo(30);
        assertThat(spark.backlog()).isEqualTo(400);
    }

    @Test
    void of_noMeasurements_isEmpty() {
        assertThat(Sparkline.of(List.of(), NOW, 30)).isEqualTo(Sparkline.EMPTY);
        assertThat(Sparkline.EMPTY.isEmpty()).isTrue();
        assertThat(Sparkline.of(List.of(day(/* ago= */ 3, /* reclaimed= */ 0, /* dead= */ 7L)), NOW, 30)
                        .isEmpty())
                .isTrue();
    }

    /** Returns the measurements of a day, which was that many days ago. */
    private static TrendPoint day(int ago, long reclaimed, @Nullable Long dead) {
        return new TrendPoint(
                NOW.minus(Duration.ofDays(ago)),
                /* minutes= */ 1440,
                /* scans= */ 1,
                reclaimed,
                /* visited= */ reclaimed,
                dead,
                /* deadBytes= */ null,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* inflow= */ null);
    }
}
