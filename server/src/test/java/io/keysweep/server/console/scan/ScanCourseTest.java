package io.keysweep.server.console.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.sweep.SampleHistory.Sample;
import io.keysweep.server.sweep.SweepKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests the points of a scan's charts, which sum up the samples of all its sweeps.
 *
 * <p>A sample has the counts of a sweep at one moment. A scan has a sweep for each node.
 */
final class ScanCourseTest {

    private static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID SCAN = UUID.randomUUID();

    @Test
    void of_twoNodes_addsTheirSpeeds_andShowsTheLongerStep() {
        ScanCourse course = ScanCourse.of(List.of(
                sample("a", /* second= */ 0, /* visited= */ 100, /* reclaimed= */ 10, /* stepMs= */ 0.4),
                sample("b", /* second= */ 0, /* visited= */ 50, /* reclaimed= */ 0, /* stepMs= */ null),
                sample("a", /* second= */ 2, /* visited= */ 300, /* reclaimed= */ 30, /* stepMs= */ 0.4),
                sample("b", /* second= */ 3, /* visited= */ 250, /* reclaimed= */ 10, /* stepMs= */ 0.7)));

        // Each node has visited 200 keys in these three seconds.
        assertThat(course.at()).containsExactly(BEGIN.getEpochSecond() + 3.0);
        assertThat(course.keys()).containsExactly(400 / 3.0);
        assertThat(course.reclaimed()).containsExactly(30 / 3.0);
        assertThat(course.step()).containsExactly(0.7);

        // Each node was busy for 50 ms, one within two seconds and the other within three.
        assertThat(course.used()).containsExactly((0.05 / 2 + 0.05 / 3) / 2);
        assertThat(course.share()).containsExactly(0.25);
    }

    @Test
    void of_twoNodes_showsTheLongerWaitOfCallers() {
        ScanCourse course = ScanCourse.of(List.of(
                waiting("a", /* second= */ 0, /* callersWait= */ null),
                waiting("a", /* second= */ 2, /* callersWait= */ null),
                waiting("a", /* second= */ 4, Duration.ofNanos(1_500_000)),
                waiting("b", /* second= */ 5, Duration.ofNanos(7_250_000)),
                waiting("a", /* second= */ 6, Duration.ZERO),
                waiting("b", /* second= */ 7, /* callersWait= */ null)));

        assertThat(course.callersWait()).containsExactly(null, 7.25, 0.0);
    }

    @Test
    void of_fewerThanTwoSamples_hasNoPoint() {
        assertThat(ScanCourse.of(List.of()).at()).isEmpty();

        Sample only = sample("a", /* second= */ 0, /* visited= */ 1, /* reclaimed= */ 1, /* stepMs= */ null);
        assertThat(ScanCourse.of(List.of(only)).at()).isEmpty();
    }

    @Test
    void of_manySamples_hasAtMost301Points() {
        List<Sample> samples = new ArrayList<>();
        for (int second = 0; second < 10_000; second += 2) {
            samples.add(sample("a", second, /* visited= */ 10L * second, /* reclaimed= */ second, /* stepMs= */ 0.1));
        }

        ScanCourse course = ScanCourse.of(samples);

        assertThat(course.at()).hasSizeBetween(250, 301);
        assertThat(course.keys()).allSatisfy(speed -> assertThat(speed).isEqualTo(10.0));
    }

    /** Returns a sample of a node, taken some seconds after {@link #BEGIN}. */
    private static Sample sample(String node, int second, long visited, long reclaimed, @Nullable Double stepMs) {
        return new Sample(
                new SweepKey(SCAN, /* round= */ 1, node),
                BEGIN.plusSeconds(second),
                visited,
                reclaimed,
                /* share= */ 0.25,
                stepMs,
                /* busy= */ Duration.ofMillis(50),
                /* slowedBy= */ null,
                /* callersWait= */ null);
    }

    /** Returns a sample of a node with the time for which callers waited for the server. */
    private static Sample waiting(String node, int second, @Nullable Duration callersWait) {
        return new Sample(
                new SweepKey(SCAN, /* round= */ 1, node),
                BEGIN.plusSeconds(second),
                /* visited= */ 1,
                /* reclaimed= */ 1,
                /* share= */ 0.25,
                /* stepMs= */ null,
                /* busy= */ null,
                /* slowedBy= */ null,
                callersWait);
    }
}
