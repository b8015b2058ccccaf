package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.reclaim.StepOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests which insight is made of the amounts that a sample has estimated. */
final class PictureBuilderTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final String REFUSAL = "NOPERM No permissions to access a key";

    /** A user who may read some keys only is refused in the middle of a sample; the rest of it was not read. */
    @Test
    void build_serverThatRefusesATtlInTheMiddle_hasNoPictureButTheReason() {
        Insight insight = insight(REFUSAL);

        assertThat(insight.picture()).isNull();
        assertThat(insight.forecast()).isNull();
        assertThat(insight.missing()).isEqualTo("The TTLs of keys could not be read: " + REFUSAL);
    }

    @Test
    void build_fewUnreadNames_hasAPicture() {
        Insight insight = insight(/* refusal= */ null);

        assertThat(insight.picture()).isNotNull();
        assertThat(insight.missing()).isNull();
    }

    /** Returns the insight of a sample of 10,000 keys, of which one could not be read. */
    private static Insight insight(@Nullable String refusal) {
        KeyCells cells = new KeyCells(
                Map.of(PictureCell.LIVING, new Amount(100_000, /* halfWidth= */ 500)),
                /* unseenKeys= */ 30,
                /* unseenMeasuredKeys= */ 100_000,
                /* read= */ 9_999,
                /* measured= */ 0,
                /* unread= */ 1);
        return new PictureBuilder(
                        cells,
                        KeyCount.NONE,
                        /* keys= */ 100_000,
                        /* volatileKeys= */ 100_000,
                        ReadingPlan.of(PictureRequest.DEFAULT, InstantSource.fixed(NOON)),
                        new ReaderOfNothing(refusal))
                .build(ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1), /* settingsKnown= */ true, null, NOON);
    }

    /** Represents a reader whose server has refused to report a TTL, or has reported all. */
    private record ReaderOfNothing(@Nullable String refusal) implements KeyReader {

        @Override
        public StepOutcome scan(long cursor, int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public KeyTally take() {
            return KeyTally.EMPTY;
        }

        @Override
        public @Nullable String measureRefusal() {
            return null;
        }

        @Override
        public boolean namesLeave() {
            return false;
        }
    }
}
