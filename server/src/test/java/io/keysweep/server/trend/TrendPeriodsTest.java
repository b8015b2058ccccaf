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

    /** The number of points above which the points of a history are merged. */
    private static final int MAX_POINTS = 100;

    private static final Instant TEN = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void merge_ofPointsOfOneHour_addsCounts_andKeepsTheHighestBacklog() {
        // Four of these points are of the first hour. Two of them are of scans, and two of estimates.
        List<TrendPoint> merged = TrendPeriods.merge(
                List.of(
                        scan(
                                TEN.plusSeconds(60),
                                /* reclaimed= */ 5,
                                /* before= */ 100L,
                                /* after= */ 80L,
                                /* inflow= */ 3L),
                        TrendPoint.ofBacklog(TEN.plusSeconds(70), /* deadKeys= */ 40, /* deadBytes= */ 400L),
                        TrendPoint.ofBacklog(TEN.plusSeconds(80), /* deadKeys= */ 30, /* deadBytes= */ 500L),
                        scan(
                                TEN.plusSeconds(3_599),
                                /* reclaimed= */ 7,
                                /* before= */ 90L,
                                /* after= */ null,
                                /* inflow= */ null),
                        scan(TEN.plusSeconds(3_600), /* reclaimed= */ 1)),
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
                                TEN.plusSeconds(3_600),
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
        for (int minute = 0; minute < TrendRetention.DAY_MINUTES; minute++) {
            points.add(scan(TEN.plusSeconds(60L * minute), /* reclaimed= */ 1));
        }

        List<TrendPoint> fewer = TrendPeriods.atMost(MAX_POINTS, points, /* days= */ 1);

        assertThat(fewer).hasSizeBetween(90, MAX_POINTS + 1);
        assertThat(fewer.stream().mapToLong(TrendPoint::reclaimed).sum()).isEqualTo(TrendRetention.DAY_MINUTES);

        // As many points as the maximum are not merged.
        assertThat(TrendPeriods.atMost(MAX_POINTS, points.subList(0, MAX_POINTS), /* days= */ 1))
                .hasSize(MAX_POINTS);
    }

    /** Points of a day stay points of a day. Their sums must not be shown as the sums of two hours. */
    @Test
    void atMost_ofDaysOfAnOldHistory_keepsTheirPeriod() {
        TrendPoint oldDay = scan(TEN.minus(Duration.ofDays(80)), /* reclaimed= */ 500)
                .asSummary(Instant.parse("2026-09-05T00:00:00Z"), TrendRetention.DAY_MINUTES);
        List<TrendPoint> points = new ArrayList<>(List.of(oldDay));
        for (int hour = 0; hour < MAX_POINTS; hour++) {
            points.add(scan(TEN.plus(Duration.ofHours(hour)), /* reclaimed= */ 1)
                    .asSummary(TEN.plus(Duration.ofHours(hour)), TrendRetention.HOUR_MINUTES));
        }

        List<TrendPoint> fewer = TrendPeriods.atMost(MAX_POINTS, points, /* days= */ 90);

        assertThat(fewer).first().isEqualTo(oldDay);
        assertThat(fewer.subList(1, fewer.size()))
                .hasSizeLessThan(10)
                .allMatch(point -> point.minutes() == 90 * TrendRetention.DAY_MINUTES / MAX_POINTS);
        assertThat(fewer.stream().mapToLong(TrendPoint::reclaimed).sum()).isEqualTo(500 + MAX_POINTS);
    }

    /** Returns the point of one scan of which only the reclaimed and visited keys are known. */
    private static TrendPoint scan(Instant at, long reclaimed) {
        return scan(at, reclaimed, /* before= */ null, /* after= */ null, /* inflow= */ null);
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
