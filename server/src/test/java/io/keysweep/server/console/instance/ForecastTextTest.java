package io.keysweep.server.console.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.InsightView;
import io.keysweep.api.InsightView.Count;
import io.keysweep.api.InsightView.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/**
 * Tests how the page of an instance shows a forecast and a picture.
 *
 * <p>A forecast says how many keys die in each step of time. A cliff is a step in which far more keys die than in the
 * steps around it. A picture counts the keys by classes of TTL, size and type.
 */
final class ForecastTextTest {

    /** The number of steps of a minute in a day. */
    private static final int MINUTES_OF_DAY = 1_440;

    private static final Count NO_KEYS = new Count(/* keys= */ 0, /* lowest= */ 0, /* highest= */ 0);
    private static final Instant BEGIN = Instant.parse("2026-11-29T00:00:00Z");

    @Test
    void of_moreStepsThanBars_sumsNeighbouringSteps_andListsFiveCliffsAtMost() {
        // Ten keys die in each step, but 9,000 in step 700. Every 100th step is a cliff.
        ForecastText text = ForecastText.of(forecast(MINUTES_OF_DAY, i -> i == 700 ? 9_000 : 10, i -> i % 100 == 0))
                .orElseThrow();
        assertThat(text.length()).isEqualTo(Duration.ofDays(1));

        // The 1,440 steps share 144 bars. The 15 bars with a cliff are drawn as a separate path.
        assertThat(bars(text.bars())).isEqualTo(144 - 15);
        assertThat(bars(text.cliffBars())).isEqualTo(15);
        assertThat(text.cliffs()).hasSize(5);
        assertThat(text.moreCliffs()).isEqualTo(10);
        assertThat(text.removed()).isEqualTo(MINUTES_OF_DAY);

        // The bar of step 700 is the highest, and has the whole height.
        assertThat(text.worst().from()).isEqualTo(BEGIN.plus(Duration.ofMinutes(700)));
        assertThat(text.cliffBars()).contains("v-100.0h");
    }

    @Test
    void of_aForecastWithoutDeaths_hasNoBars() {
        ForecastText text =
                ForecastText.of(forecast(/* size= */ 10, i -> 0, i -> false)).orElseThrow();
        assertThat(text.bars()).isEmpty();
        assertThat(text.cliffBars()).isEmpty();

        // A forecast without steps is not shown.
        assertThat(ForecastText.of(forecast(/* size= */ 0, i -> 0, i -> false))).isEmpty();
    }

    @Test
    void of_aPicture_scalesTheBarsByTheUpperEndOfTheHighestInterval() {
        // Of 400 keys that were read, 300 are dead. The others have no TTL.
        Count livingKeys = new Count(/* keys= */ 100, /* lowest= */ 50, /* highest= */ 150);
        PictureBars bars = PictureBars.of(new InsightView.Picture(
                List.of(
                        new InsightView.TtlClass(
                                "DEAD", new Count(/* keys= */ 300, /* lowest= */ 200, /* highest= */ 400)),
                        new InsightView.TtlClass("NONE", livingKeys)),
                livingKeys,
                /* livingVolatile= */ NO_KEYS,
                List.of(new InsightView.SizeClass(64L, NO_KEYS)),
                List.of(),
                /* meanBytes= */ null,
                /* meanVolatileBytes= */ null,
                /* readKeys= */ 400,
                /* measuredKeys= */ 50,
                /* unreadKeys= */ 0,
                /* namesLeft= */ false,
                List.of()));

        PictureBars.Bar dead = bars.ttl().getFirst();
        assertThat(dead.share()).isEqualTo(0.75);
        assertThat(List.of(dead.width(), dead.lowest(), dead.range())).containsExactly("75.0", "50.0", "50.0");
        assertThat(bars.sizes().getFirst().width()).isEqualTo("0.0");
        assertThat(bars.types()).isEmpty();
    }

    /**
     * Returns a forecast with steps of a minute.
     *
     * @param dying number of keys that die in the step with this index
     * @param cliff whether the step with this index is a cliff
     */
    private static InsightView.Forecast forecast(int size, IntToLongFunction dying, IntPredicate cliff) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            long keys = dying.applyAsLong(i);
            steps.add(new Step(
                    BEGIN.plus(Duration.ofMinutes(i)),
                    BEGIN.plus(Duration.ofMinutes(i + 1)),
                    new Count(keys, keys, keys),
                    /* removed= */ 1,
                    /* backlog= */ keys,
                    /* backlogBytes= */ null,
                    cliff.test(i)));
        }
        return new InsightView.Forecast(
                steps,
                NO_KEYS,
                NO_KEYS,
                /* measuredPerSecond= */ null,
                /* measuredSeconds= */ null,
                /* modelPerSecond= */ 0,
                /* readShare= */ 0,
                /* settingsKnown= */ true,
                /* proposedStart= */ null);
    }

    /** Counts the bars of an SVG path. */
    private static long bars(String path) {
        return path.chars().filter(each -> each == 'M').count();
    }
}
