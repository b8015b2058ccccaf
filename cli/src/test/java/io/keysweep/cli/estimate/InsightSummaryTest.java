package io.keysweep.cli.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryForecast.Step;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests how the text of an estimate limits the number of cliffs, and shows prefixes without dead keys.
 *
 * <p>A cliff is a step of a forecast in which far more keys die than in the steps around it.
 */
final class InsightSummaryTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void lines_moreCliffsThanAreShown_sayHowManyFollow() {
        assertThat(linesWithCliffs(5)).hasSize(5).noneMatch(line -> line.contains("further"));
        // The text shows the five largest cliffs, so the two smallest are only counted.
        assertThat(linesWithCliffs(7))
                .hasSize(6)
                .contains("  cliff      further cliffs: 2")
                .noneMatch(line -> line.contains(" 100 (") || line.contains(" 101 ("));
    }

    @Test
    void lines_deadKeysWithoutNames_sayWhyAndLeaveTheNumbersOut() {
        assertThat(InsightSummary.lines(FakeEstimator.insightWithoutDeadNames()))
                .endsWith(
                        "  prefixes   Dead keys have no names here.",
                        "    DEAD     DIE IN 1 H  WITH TTL  NO TTL  PREFIX",
                        "    unknown           7         8       0  user:");
    }

    /** Returns the lines about the cliffs of a forecast. Each cliff has more keys than the one before. */
    private static List<String> linesWithCliffs(int cliffs) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < cliffs; i++) {
            Instant from = MIDNIGHT.plusSeconds(600L * i);
            steps.add(new Step(
                    from,
                    from.plusSeconds(600),
                    new KeyCount(100 + i, 90, 120),
                    /* removed= */ 0,
                    /* backlog= */ 0,
                    /* backlogBytes= */ null,
                    /* cliff= */ true));
        }
        ExpiryForecast forecast = new ExpiryForecast(
                steps,
                KeyCount.NONE,
                KeyCount.NONE,
                /* measured= */ null,
                /* modelPerSecond= */ 0,
                /* readShare= */ 0,
                /* settingsKnown= */ true,
                /* proposedStart= */ null);
        return InsightSummary.lines(new Insight(
                        /* picture= */ null,
                        forecast,
                        /* prefixes= */ null,
                        /* deadMissing= */ null,
                        /* missing= */ null))
                .stream()
                .filter(line -> line.startsWith("  cliff"))
                .toList();
    }
}
