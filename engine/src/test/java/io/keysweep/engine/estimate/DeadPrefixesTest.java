package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.insight.KeyCount;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests how the names of removed keys divide the dead keys of a server by prefix. */
final class DeadPrefixesTest {

    private static final KeyCount THOUSAND = new KeyCount(1_000, 950, 1_050);

    @Test
    void count_ofAReplica_isTheShareAmongTheKeysThatOthersRemove() {
        DeadPrefixes prefixes =
                new DeadPrefixes(KeyCells.NONE, THOUSAND, Map.of("a:", 300L, "b:", 100L), /* scansPrimary= */ false);

        assertThat(prefixes.prefixes()).containsExactlyInAnyOrder("a:", "b:");
        // The error of the share is 1.96 * sqrt(0.75 * 0.25 / 400) = 4.2 %, and the one of the number 5 %.
        assertThat(prefixes.count("a:")).isEqualTo(new KeyCount(750, 693, 807));
        assertThat(prefixes.count("b:")).isEqualTo(new KeyCount(250, 205, 295));
        // By the rule of three, a prefix without a name has at most 3 of 400 parts.
        assertThat(prefixes.count("c:")).isEqualTo(new KeyCount(0, 0, 8));
    }

    @Test
    void count_ofAPrimary_isTheNumberByTheSteps() {
        DeadPrefixes prefixes = new DeadPrefixes(
                removedBySteps(/* a= */ 600, /* b= */ 400), THOUSAND, Map.of("c:", 20L), /* scansPrimary= */ true);

        assertThat(prefixes.prefixes()).containsExactlyInAnyOrder("a:", "b:", "c:");
        assertThat(prefixes.count("a:")).isEqualTo(new KeyCount(600, 590, 610));
        assertThat(prefixes.count("c:")).isEqualTo(new KeyCount(0, 0, 3));
    }

    /** Clients read keys of one prefix all the time, also during the steps. So 500 of the names are of other removals. */
    @Test
    void count_ofAPrimaryWithRemovalsByOthersDuringTheSteps_subtractsThem() {
        DeadPrefixes prefixes = new DeadPrefixes(
                removedBySteps(/* a= */ 1_000, /* b= */ 500),
                THOUSAND,
                Map.of("a:", 9_000L, "b:", 1_000L),
                /* scansPrimary= */ true);

        assertThat(prefixes.count("a:").keys()).isEqualTo(550);
        assertThat(prefixes.count("b:").keys()).isEqualTo(450);
    }

    /** Returns the cells of a sample whose steps have removed keys of two prefixes, each with an error of 10 keys. */
    private static KeyCells removedBySteps(int a, int b) {
        return new KeyCells(
                Map.of(
                        new PictureCell(PictureCell.Kind.PREFIX_DEAD, "a:"),
                        new Amount(a, /* halfWidth= */ 10),
                        new PictureCell(PictureCell.Kind.PREFIX_DEAD, "b:"),
                        new Amount(b, /* halfWidth= */ 10)),
                /* unseenKeys= */ 3,
                /* unseenMeasuredKeys= */ 0,
                /* keysRead= */ 0,
                /* keysMeasured= */ 0,
                /* keysUnread= */ 0);
    }
}
