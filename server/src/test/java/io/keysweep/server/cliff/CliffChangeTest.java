package io.keysweep.server.cliff;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryForecast.Step;
import io.keysweep.engine.insight.KeyCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests that each cliff of a series of forecasts is announced once, and which of the cliffs stay expected.
 *
 * <p>A cliff is a time in which far more keys expire than around it. A forecast consists of steps of ten minutes.
 */
class CliffChangeTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(10);

    /** The number of steps of each forecast. */
    private static final int STEPS = 24;

    /** The number of keys that expire in a step that is a cliff. */
    private static final KeyCount CLIFF_KEYS =
            new KeyCount(/* keys= */ 1_900, /* lowest= */ 1_800, /* highest= */ 2_000);

    /** The start that the forecasts propose. */
    private static final Instant PROPOSED_START = MIDNIGHT.plus(Duration.ofHours(3));

    @Test
    void cliff_ofTheFirstForecast_isAnnouncedWithItsNumbers() {
        CliffChange change = CliffChange.of(List.of(), forecast(MIDNIGHT, Set.of(12)), MIDNIGHT);

        assertThat(change.announced())
                .containsExactly(new Cliff(
                        at(12), at(13), CLIFF_KEYS, /* backlog= */ 12, /* backlogBytes= */ 1_200L, PROPOSED_START));
        assertThat(change.known())
                .containsExactly(new KnownCliff(at(12), at(13), /* backlog= */ 12, /* expected= */ true));
    }

    @Test
    void neighbouringSteps_withCliffs_areAnnouncedAsOneCliff() {
        CliffChange change = CliffChange.of(List.of(), forecast(MIDNIGHT, Set.of(12, 13, 20)), MIDNIGHT);

        assertThat(change.announced()).extracting(Cliff::from).containsExactly(at(12), at(20));

        Cliff first = change.announced().getFirst();
        assertThat(first.until()).isEqualTo(at(14));

        // The errors of two independent counts add up as squares: two errors of 100 keys make one of 141 keys.
        assertThat(first.dying()).isEqualTo(new KeyCount(/* keys= */ 3_800, /* lowest= */ 3_659, /* highest= */ 3_941));
        assertThat(first.backlog()).as("of the last step").isEqualTo(13);
    }

    @Test
    void cliff_thatLaterForecastsShowAgain_isAnnouncedOnce() {
        CliffChange first = CliffChange.of(List.of(), forecast(MIDNIGHT, Set.of(12)), MIDNIGHT);

        CliffChange same = CliffChange.of(first.known(), forecast(at(3), Set.of(12)), at(3));
        assertThat(same.announced()).isEmpty();
        assertThat(same.known()).hasSize(1);

        // A cliff in the next step is treated as the same one.
        CliffChange shifted = CliffChange.of(same.known(), forecast(at(4), Set.of(13)), at(4));
        assertThat(shifted.announced()).as("a neighbouring step").isEmpty();
        assertThat(shifted.known()).extracting(KnownCliff::from).containsExactly(at(13));

        // A cliff three steps later is another one.
        CliffChange withSecondCliff = CliffChange.of(shifted.known(), forecast(at(4), Set.of(13, 16)), at(4));
        assertThat(withSecondCliff.announced()).extracting(Cliff::from).containsExactly(at(16));
    }

    @Test
    void cliff_thatOneForecastDoesNotShow_isNoLongerExpected_butNotAnnouncedAgain() {
        CliffChange first = CliffChange.of(List.of(), forecast(MIDNIGHT, Set.of(12)), MIDNIGHT);

        CliffChange without = CliffChange.of(first.known(), forecast(at(1), Set.of()), at(1));
        assertThat(without.known()).extracting(KnownCliff::expected).containsExactly(false);

        CliffChange shownAgain = CliffChange.of(without.known(), forecast(at(2), Set.of(12)), at(2));
        assertThat(shownAgain.announced()).isEmpty();
        assertThat(shownAgain.known()).extracting(KnownCliff::expected).containsExactly(true);
    }

    @Test
    void cliff_thatIsTooSoonForAForecastToShow_isExpectedUntilItHasPassed() {
        CliffChange first = CliffChange.of(List.of(), forecast(MIDNIGHT, Set.of(12)), MIDNIGHT);

        // The cliff is the second step of this forecast, and only the third one can be a cliff.
        CliffChange soon = CliffChange.of(first.known(), forecast(at(11), Set.of()), at(11));
        assertThat(soon.known()).extracting(KnownCliff::expected).containsExactly(true);

        assertThat(CliffChange.of(soon.known(), forecast(at(13), Set.of()), at(13))
                        .known())
                .isEmpty();
    }

    @Test
    void forecast_thatProposesNoStart_announcesNoCliff_andExpectsNone() {
        ExpiryForecast small = forecast(MIDNIGHT, Set.of(12), /* proposedStart= */ null);

        assertThat(CliffChange.of(List.of(), small, MIDNIGHT).announced()).isEmpty();
        List<KnownCliff> before = CliffChange.of(List.of(), forecast(MIDNIGHT, Set.of(12)), MIDNIGHT)
                .known();
        assertThat(CliffChange.of(before, small, MIDNIGHT).known())
                .extracting(KnownCliff::expected)
                .containsExactly(false);
    }

    /** Returns the beginning of a step, counted from midnight. */
    private static Instant at(int step) {
        return MIDNIGHT.plus(STEP.multipliedBy(step));
    }

    private static ExpiryForecast forecast(Instant begin, Set<Integer> cliffs) {
        return forecast(begin, cliffs, PROPOSED_START);
    }

    /** Returns a forecast whose cliffs are some steps, counted from midnight. */
    private static ExpiryForecast forecast(Instant begin, Set<Integer> cliffs, @Nullable Instant proposedStart) {
        int first = Math.toIntExact(Duration.between(MIDNIGHT, begin).dividedBy(STEP));
        List<Step> steps = new ArrayList<>();
        for (int step = first; step < first + STEPS; step++) {
            boolean isCliff = cliffs.contains(step);
            steps.add(new Step(
                    at(step),
                    at(step + 1),
                    isCliff ? CLIFF_KEYS : new KeyCount(/* keys= */ 10, /* lowest= */ 5, /* highest= */ 15),
                    /* removed= */ 0,
                    /* backlog= */ step,
                    /* backlogBytes= */ step * 100L,
                    isCliff));
        }
        return new ExpiryForecast(
                steps,
                KeyCount.NONE,
                KeyCount.NONE,
                /* measured= */ null,
                /* modelPerSecond= */ 0,
                /* readShare= */ 0,
                /* settingsKnown= */ true,
                proposedStart);
    }
}
