package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests sets of slots and their text form. */
final class SlotSetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0-5460,10923|0-5460,10923", "7|7", "5,4,3|3-5", "0-10,5-20|0-20", "16383,0|0,16383", "9-9|9"})
    void parse_anyOrder_printsAscendingRanges(String text, String printed) {
        assertThat(SlotSet.parse(text)).hasToString(printed);
    }

    @Test
    void parse_emptyText_isTheEmptySet() {
        assertThat(SlotSet.parse("")).isEqualTo(SlotSet.NONE).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"16384", "-1", "5-4", "0-16384", "a", "1,", ",1", "1--2", "1-2-3", " 1", "999999"})
    void parse_malformedText_isRefusedWithTheRule(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlotSet.parse(text))
                .withMessageStartingWith("slots are '")
                .withMessageContaining("must be");
    }

    @Test
    void operations_randomSets_matchJavaSets() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Set<Integer> firstSet = randomSlots(random);
            Set<Integer> secondSet = randomSlots(random);
            SlotSet firstSlots = toSlots(firstSet);
            SlotSet secondSlots = toSlots(secondSet);

            Set<Integer> expectedUnion = new HashSet<>(firstSet);
            expectedUnion.addAll(secondSet);
            Set<Integer> expectedDifference = new HashSet<>(firstSet);
            expectedDifference.removeAll(secondSet);
            Set<Integer> expectedIntersection = new HashSet<>(firstSet);
            expectedIntersection.retainAll(secondSet);

            assertThat(firstSlots.union(secondSlots)).as("seed %d", seed).isEqualTo(toSlots(expectedUnion));
            assertThat(firstSlots.minus(secondSlots)).as("seed %d", seed).isEqualTo(toSlots(expectedDifference));
            assertThat(firstSlots.intersect(secondSlots)).as("seed %d", seed).isEqualTo(toSlots(expectedIntersection));
            assertThat(firstSlots.size()).isEqualTo(firstSet.size());
            assertThat(firstSlots.isEmpty()).isEqualTo(firstSet.isEmpty());
            assertThat(firstSet).allMatch(firstSlots::contains);
            assertThat(SlotSet.parse(firstSlots.toString())).as("seed %d", seed).isEqualTo(firstSlots);
            assertThat(SlotSet.ALL.minus(firstSlots).union(firstSlots)).isEqualTo(SlotSet.ALL);
        }
    }

    /** Returns the slots of up to four random ranges of up to 50 slots each. */
    private static Set<Integer> randomSlots(Random random) {
        return IntStream.range(0, random.nextInt(5))
                .boxed()
                .flatMap(ignored -> {
                    int first = random.nextInt(SlotSet.COUNT);
                    int last = Math.min(SlotSet.COUNT - 1, first + random.nextInt(50));
                    return IntStream.rangeClosed(first, last).boxed();
                })
                .collect(Collectors.toSet());
    }

    /** Returns the same set of slots, by its text form. */
    private static SlotSet toSlots(Set<Integer> slots) {
        return SlotSet.parse(slots.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
}
