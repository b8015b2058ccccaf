package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixCount;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.reclaim.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests the insight (picture, forecast and prefixes) that is built from the amounts that a sample has estimated.
 *
 * <p>Cells are the amounts by which a sample describes the keys, see {@link KeyCells}. An unread key is a key whose TTL
 * the server did not report.
 */
final class PictureBuilderTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final String REFUSAL = "NOPERM No permissions to access a key";

    /**
     * The user is allowed to read only some keys. The server refuses the TTL of a key in the middle of the sample, so
     * the rest of the sample was not read.
     */
    @Test
    void build_serverRefusesATtlInTheMiddle_hasTheReasonInsteadOfAPicture() {
        Insight insight = build(unreadKey(), PictureRequest.DEFAULT, REFUSAL);

        assertThat(insight.picture()).isNull();
        assertThat(insight.forecast()).isNull();
        assertThat(insight.missing()).isEqualTo("The TTLs of keys could not be read: " + REFUSAL);
    }

    @Test
    void build_fewUnreadNames_hasAPicture() {
        Insight insight = build(unreadKey(), PictureRequest.DEFAULT, /* refusal= */ null);

        assertThat(insight.picture()).isNotNull();
        assertThat(insight.missing()).isNull();
    }

    /** The prefix with the most keys on both servers together is the second prefix on the first server. */
    @Test
    void sum_ofServersWithOtherLargestPrefixes_countsAllKeysOfAPrefix() {
        PictureRequest largestPrefix = PictureRequest.of(
                Duration.ofHours(1), Duration.ofMinutes(10), new PrefixRequest(":", /* depth= */ 1, /* top= */ 1));
        Insight insightOfFirst = build(prefixes(/* a= */ 50, /* b= */ 40), largestPrefix, /* refusal= */ null);
        Insight insightOfSecond = build(prefixes(/* a= */ 30, /* b= */ 60), largestPrefix, /* refusal= */ null);

        Insight sum = Insight.sum(List.of(insightOfFirst, insightOfSecond), /* top= */ 1);

        List<PrefixCount> prefixes = Objects.requireNonNull(sum.prefixes());
        assertThat(prefixes).extracting(PrefixCount::prefix).containsExactly("b:", null);
        assertThat(prefixes).extracting(count -> count.withTtl().keys()).containsExactly(100L, 80L);
    }

    /** Returns the cells of a sample of 10,000 keys, of which one could not be read. */
    private static KeyCells unreadKey() {
        return new KeyCells(
                Map.of(PictureCell.LIVING, new Amount(100_000, /* halfWidth= */ 500)),
                /* unseenKeys= */ 30,
                /* unseenMeasuredKeys= */ 100_000,
                /* keysRead= */ 9_999,
                /* keysMeasured= */ 0,
                /* keysUnread= */ 1);
    }

    /** Returns the cells of a server all of whose keys were read, with the numbers of keys of two prefixes. */
    private static KeyCells prefixes(int a, int b) {
        return new KeyCells(
                Map.of(
                        new PictureCell(PictureCell.Kind.PREFIX_WITH_TTL, "a:"),
                        new Amount(a, /* halfWidth= */ 0),
                        new PictureCell(PictureCell.Kind.PREFIX_WITH_TTL, "b:"),
                        new Amount(b, /* halfWidth= */ 0)),
                /* unseenKeys= */ 0,
                /* unseenMeasuredKeys= */ 0,
                /* keysRead= */ (long) a + b,
                /* keysMeasured= */ 0,
                /* keysUnread= */ 0);
    }

    /** Builds the insight from these cells. The server has 100,000 keys, all with a TTL. */
    private static Insight build(KeyCells cells, PictureRequest request, @Nullable String refusal) {
        return new PictureBuilder(
                        cells,
                        KeyCount.NONE,
                        /* keys= */ 100_000,
                        /* volatileKeys= */ 100_000,
                        ReadingPlan.of(request, InstantSource.fixed(NOON)),
                        new ReaderOfNothing(refusal),
                        /* deadPrefixes= */ null,
                        /* deadMissing= */ null)
                .build(ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1), /* settingsKnown= */ true, null, NOON);
    }

    /**
     * Represents a reader that has no more keys to read. The component implements {@link KeyReader#refusal}.
     *
     * @param refusal the error with which the server refused to report a TTL; null if it reported all
     */
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
