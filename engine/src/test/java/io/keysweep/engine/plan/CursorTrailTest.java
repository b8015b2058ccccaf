package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a trail of cursors detects a cursor that appears again, and reports no cycle otherwise. */
final class CursorTrailTest {

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 2", "0, 1000", "1000, 7", "77, 1234"})
    void add_cycleAfterAnyBeginning_isFoundWithinFourTimesTheLength(int beginning, int length) {
        CursorTrail trail = new CursorTrail();
        int added = 0;
        while (!trail.repeated() && added < 100_000) {
            // The beginning has negative cursors, which appear once, and the cycle has the cursors 1 to its length.
            trail.add(added < beginning ? -1 - added : (added - beginning) % length + 1);
            added++;
        }

        assertThat(trail.repeated()).isTrue();
        assertThat(added).isLessThanOrEqualTo(4 * (beginning + length) + 4);
    }

    @Test
    void add_cursorsThatNeverReturn_isNoCycle() {
        CursorTrail trail = new CursorTrail();
        for (int i = 0; i < 10_000; i++) {
            trail.add(Long.reverse(i));
        }

        assertThat(trail.repeated()).isFalse();
    }
}
