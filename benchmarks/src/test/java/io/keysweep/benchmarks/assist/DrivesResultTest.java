package io.keysweep.benchmarks.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.assist.DrivesResult.Drive;
import io.keysweep.benchmarks.assist.DrivesResult.DriveTurn;
import io.keysweep.benchmarks.result.Machine;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests which drives {@code dev/bench assist --drives} compares, and its table.
 *
 * <p>A drive is one combination of the settings {@code active-expire-effort} and {@code hz} of a server.
 */
final class DrivesResultTest {

    @Test
    void tolerated_ofEachEffort_isThePartOfTheKeysWithATtlAtWhichTheServerStops() {
        // The numbers are 10 %, 7 %, 4 % and 1 % of all keys with a TTL, the expired ones included.
        assertThat(new Drive(/* effort= */ 1, /* hz= */ 10).tolerated(90_000)).isEqualTo(10_000);
        assertThat(new Drive(/* effort= */ 4, /* hz= */ 10).tolerated(93_000)).isEqualTo(7_000);
        assertThat(new Drive(/* effort= */ 7, /* hz= */ 500).tolerated(96_000)).isEqualTo(4_000);
        assertThat(new Drive(/* effort= */ 10, /* hz= */ 500).tolerated(99_000)).isEqualTo(1_000);
    }

    @Test
    void drives_coverEachEffortWithEachFrequencyOnce() {
        assertThat(DrivesResult.drives())
                .hasSize(12)
                .doesNotHaveDuplicates()
                .contains(new Drive(/* effort= */ 4, /* hz= */ 10), new Drive(/* effort= */ 10, /* hz= */ 500));
    }

    @Test
    void table_turnThatDidNotReachItsNumbers_hasADash() {
        DrivesResult result = new DrivesResult(
                "dev/bench assist --drives",
                "2026-01-31T12:00:00Z",
                Machine.here(),
                "7.0",
                /* persistent= */ 2_000_000,
                /* living= */ 200_000,
                /* expired= */ 18_000,
                /* longestTurnSeconds= */ 15,
                List.of(
                        turn(/* effort= */ 4, /* secondsToTolerated= */ null, /* secondsToOnePercent= */ null),
                        turn(/* effort= */ 7, /* secondsToTolerated= */ 0.31, /* secondsToOnePercent= */ null),
                        turn(/* effort= */ 10, /* secondsToTolerated= */ 0.31, /* secondsToOnePercent= */ 0.62)));

        List<String> rows =
                result.table().lines().filter(line -> line.matches("\\d.*")).toList();
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).matches("4 +500 +2,020 +- +- +15.00 s .*");
        assertThat(rows.get(1)).matches("7 +500 +2,020 +0.31 s +- +15.00 s .*");
        assertThat(rows.get(2)).matches("10 +500 +2,020 +0.31 s +0.62 s +15.00 s +0.25 s +1 ms +0.86 ms +180");
    }

    private static DriveTurn turn(
            int effort, @Nullable Double secondsToTolerated, @Nullable Double secondsToOnePercent) {
        return new DriveTurn(
                effort,
                /* hz= */ 500,
                /* tolerated= */ 2_020,
                secondsToTolerated,
                secondsToOnePercent,
                /* seconds= */ 15,
                /* serverCpuSeconds= */ 0.25,
                /* longestPauseMs= */ 1,
                /* replyP99Ms= */ 0.86,
                /* left= */ 180);
    }
}
