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

    /** The number of days in the chart. */
    private static final int DAYS = 30;

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void of_twoDays_hasABarForEachDay_andALineThroughTheirBacklogs() {
        // The chart has 120 x 28 pixels. Each of the 30 days is 4 pixels wide, and a bar is 3 pixels wide. The first
        // day begins at x = 0, the last at x = 116.
        // Bars: 20 reclaimed keys, the highest number, are 25 pixels high, and 10 keys are 12.5. A bar is a vertical
        // line, drawn from the bottom (y = 28) upwards at the middle of its 3 pixels.
        // Line: its points are in the middle of their day. The highest backlog, 400, is at y = 28 - 25, and 100 is at y
        // = 28 - 6.25.
        Sparkline spark = Sparkline.of(
                List.of(
                        day(/* ago= */ 29, /* reclaimed= */ 10, /* dead= */ 400L),
                        day(/* ago= */ 0, /* reclaimed= */ 20, /* dead= */ 100L)),
                NOW,
                DAYS);

        assertThat(spark.bars()).isEqualTo("M1.5 28v-12.5M117.5 28v-25");
        assertThat(spark.line()).isEqualTo("2,3 118,21.8");

        // The number of reclaimed keys is a sum over the days, and the backlog is the highest one.
        assertThat(spark.reclaimed()).isEqualTo(30);
        assertThat(spark.backlog()).isEqualTo(400);
    }

    @Test
    void of_noMeasurements_isEmpty() {
        assertThat(Sparkline.of(List.of(), NOW, DAYS)).isEqualTo(Sparkline.EMPTY);
        assertThat(Sparkline.EMPTY.isEmpty()).isTrue();

        // A single day without reclaimed keys has neither a bar nor a line.
        assertThat(Sparkline.of(List.of(day(/* ago= */ 3, /* reclaimed= */ 0, /* dead= */ 7L)), NOW, DAYS)
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
