package io.keysweep.server.trend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests how measurements of an instance are merged into periods of a trend. */
final class TrendPeriodsTest {

    private static final Instant TEN = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void merge_ofPointsOfOneHour_addsCounts_andKeepsTheHighestBacklog() {
        List<TrendPoint> merged = TrendPeriods.merge(
                List.of(
                        scan(TEN.plusSeconds(60), 5, 100L, 80L, 3L),
                        TrendPoint.ofBacklog(TEN.plusSeconds(70), 40, 400L),
                        TrendPoint.ofBacklog(TEN.plusSeconds(80), 30, 500L),
                        scan(TEN.plusSeconds(3599), 7, 90L, null, null),
                        scan(TEN.plusSeconds(3600), 1, null, null, null)),
                /* minutes= */ 60);

        // The last point belongs to the next hour.
        assertThat(merged)
                .containsExactly(
                        new TrendPoint(
                                TEN,
                                /* minutes= */ 60,
                                /* scans= */ 2,
                                /* reclaimed= */ 12,
                                /* visited= */ 24,
                                /* deadKeys= */ 40L,
                                /* deadBytes= */ 400L,
                                /* usedMemoryBefore= */ 100L,
                                /* usedMemoryAfter= */ 80L,
                                /* inflow= */ 3L),
                        new TrendPoint(
                                TEN.plusSeconds(3600),
                                /* minutes= */ 60,
                                /* scans= */ 1,
                                /* reclaimed= */ 1,
                                /* visited= */ 2,
                                /* deadKeys= */ null,
                                /* deadBytes= */ null,
                                /* usedMemoryBefore= */ null,
                                /* usedMemoryAfter= */ null,
                                /* inflow= */ null));
    }

    @Test
    void start_ofDay_isMidnightInUtc() {
        assertThat(TrendPeriods.start(TEN, TrendRetention.DAY_MINUTES))
                .isEqualTo(Instant.parse("2026-11-24T00:00:00Z"));
    }

    @Test
    void atMost_ofMorePointsThanTheMaximum_mergesThem_andKeepsTheSum() {
        List<TrendPoint> points = new ArrayList<>();
        for (int minute = 0; minute < 24 * 60; minute++) {
            points.add(scan(TEN.plusSeconds(60L * minute), 1, null, null, null));
        }
        List<TrendPoint> fewer = TrendPeriods.atMost(100, points, 1);

        assertThat(fewer).hasSizeBetween(90, 101);
        assertThat(fewer.stream().mapToLong(TrendPoint::reclaimed).sum()).isEqualTo(24 * 60);
        assertThat(TrendPeriods.atMost(100, points.subList(0, 100), 1)).hasSize(100);
    }

    /** Points of a day stay points of a day. Their sums must not be shown as the sums of two hours. */
    @Test
    void atMost_ofDaysOfAnOldHistory_keepsTheirPeriod() {
        TrendPoint oldDay = scan(TEN.minus(Duration.ofDays(80)), 500, null, null, null)
                .within(Instant.parse("2026-09-05T00:00:00Z"), TrendRetention.DAY_MINUTES);
        List<TrendPoint> points = new ArrayList<>(List.of(oldDay));
        for (int hour = 0; hour < 100; hour++) {
            points.add(scan(TEN.plus(Duration.ofHours(hour)), 1, null, null, null)
                    .within(TEN.plus(Duration.ofHours(hour)), TrendRetention.HOUR_MINUTES));
        }

        List<TrendPoint> fewer = TrendPeriods.atMost(100, points, /* days= */ 90);

        assertThat(fewer).first().isEqualTo(oldDay);
        assertThat(fewer.subList(1, fewer.size()))
                .hasSizeLessThan(10)
                .allMatch(point -> point.minutes() == 90 * TrendRetention.DAY_MINUTES / 100);
        assertThat(fewer.stream().mapToLong(TrendPoint::reclaimed).sum()).isEqualTo(600);
    }

    /** Returns the point of one scan, which has visited twice the keys that it has reclaimed. */
    private static TrendPoint scan(
            Instant at, long reclaimed, @Nullable Long before, @Nullable Long after, @Nullable Long inflow) {
        return new TrendPoint(
                at,
                /* minutes= */ 0,
                /* scans= */ 1,
                reclaimed,
                /* visited= */ reclaimed * 2,
                /* deadKeys= */ null,
                /* deadBytes= */ null,
                before,
                after,
                inflow);
    }
}
