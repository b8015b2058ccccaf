package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the histograms of the round trips of steps, and of the stalls that they cause. */
final class StepTimeMeterTest {

    private final StepTimeMeter meter = new StepTimeMeter();

    @Test
    void step_asLongAsABound_isInTheBucketOfTheBound() {
        meter.add(/* roundTrip= */ Duration.ofNanos(100_001), /* stall= */ Duration.ofNanos(100_000));

        StepTimes times = meter.read();
        assertThat(times.stalls().counts().indexOf(1L)).isEqualTo(bucket(100));
        assertThat(times.roundTrips().counts().indexOf(1L)).isEqualTo(bucket(200));
    }

    @Test
    void step_longerThanEveryBound_isInTheLastBucket() {
        meter.add(/* roundTrip= */ Duration.ofSeconds(3), /* stall= */ Duration.ofSeconds(2));

        assertThat(meter.read().stalls().counts()).last().isEqualTo(1L);
    }

    @Test
    void read_ofManySteps_hasNumberAndTotal() {
        meter.add(/* roundTrip= */ Duration.ofMillis(3), /* stall= */ Duration.ofMillis(1));
        meter.add(/* roundTrip= */ Duration.ofMillis(5), /* stall= */ Duration.ZERO);

        StepTimes times = meter.read();
        assertThat(times.roundTrips().count()).isEqualTo(2);
        assertThat(times.roundTrips().total()).isEqualTo(Duration.ofMillis(8));
        assertThat(times.stalls().total()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void minus_earlierReading_leavesTheStepsInBetween() {
        meter.add(/* roundTrip= */ Duration.ofMillis(3), /* stall= */ Duration.ofMillis(1));
        StepTimes earlierTimes = meter.read();

        meter.add(/* roundTrip= */ Duration.ofMillis(30), /* stall= */ Duration.ofMillis(10));
        StepTimes timesInBetween = meter.read().minus(earlierTimes);

        assertThat(timesInBetween.roundTrips().count()).isEqualTo(1);
        assertThat(timesInBetween.roundTrips().total()).isEqualTo(Duration.ofMillis(30));
        assertThat(earlierTimes.plus(timesInBetween)).isEqualTo(meter.read());
        assertThat(meter.read().minus(meter.read())).isEqualTo(StepTimes.NONE);
    }

    @Test
    void histogram_withAnotherNumberOfBuckets_isRefused() {
        assertThatThrownBy(() -> new DurationHistogram(List.of(1L), Duration.ZERO))
                .hasMessage("counts has 1 buckets, must have 15");
    }

    /** Returns the index of the bucket whose upper bound is {@code micros}. */
    private static int bucket(int micros) {
        return DurationHistogram.BOUNDS.indexOf(Duration.ofNanos(micros * 1_000L));
    }
}
