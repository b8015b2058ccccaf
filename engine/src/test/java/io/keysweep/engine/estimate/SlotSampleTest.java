package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests estimates from samples of cluster nodes whose slots hold very different numbers of keys. */
final class SlotSampleTest {

    /** The number of samples of each node. */
    private static final int TRIALS = 60;

    /** The number of calls that a sample may make. */
    private static final long BUDGET = 4_000;

    /** Describes the contents of a node, about 150,000 keys. */
    enum Contents {
        /** Each slot has a few keys, of which three of ten are dead. */
        HASHED_EVENLY {
            @Override
            void plant(SimulatedNode node, Random random) {
                for (int slot = 3; slot < 5_461; slot++) {
                    node.plant(slot, 20 + random.nextInt(15), 0.3);
                }
            }
        },
        /** Each slot has a few keys, and all of them are alive. */
        NONE_DEAD {
            @Override
            void plant(SimulatedNode node, Random random) {
                for (int slot = 10_923; slot < 16_384; slot++) {
                    node.plant(slot, 20 + random.nextInt(15), 0);
                }
            }
        },
        /** Some slots have very many keys, as with hash tags, and each slot has another share of dead keys. */
        TAGS_OF_ALL_SIZES_AND_DEAD_SHARES {
            @Override
            void plant(SimulatedNode node, Random random) {
                for (int i = 0; i < 900; i++) {
                    int keys = (int) Math.min(30_000, 25 / Math.pow(random.nextDouble(), 1.1));
                    node.plant(random.nextInt(16_384), keys, Math.pow(random.nextDouble(), 3));
                }
            }
        },
        /** Two fifths of the keys are dead and in one slot. */
        ONE_HUGE_DEAD_SLOT {
            @Override
            void plant(SimulatedNode node, Random random) {
                for (int slot = 0; slot < 3_000; slot++) {
                    node.plant(slot, 30, 0.01);
                }
                node.plant(1_234, 60_000, 1);
            }
        },
        /** In 5 of 300 slots all keys are dead, and in the others none is. */
        FEW_DEAD_SLOTS {
            @Override
            void plant(SimulatedNode node, Random random) {
                for (int slot = 0; slot < 300; slot++) {
                    node.plant(slot * 7, 500, slot % 60 == 0 ? 1 : 0);
                }
            }
        };

        abstract void plant(SimulatedNode node, Random random);
    }

    @ParameterizedTest
    @EnumSource
    void interval_samplesOfAReplica_containsTheTruthAndHasNoBias(Contents contents) throws InterruptedException {
        SimulatedNode node = new SimulatedNode(/* replica= */ true);
        contents.plant(node, new Random(5));
        long keys = IntStream.range(0, 16_384)
                .mapToLong(slot -> node.keysBySlot()[slot])
                .sum();
        int intervalsWithTruth = 0;
        double sumOfEstimates = 0;
        for (int seed = 0; seed < TRIALS; seed++) {
            Backlog backlog = SlotSample.of(node, node.keysBySlot(), seed, BUDGET);
            intervalsWithTruth += Math.abs(backlog.dead() - node.dead()) <= backlog.halfWidth() ? 1 : 0;
            sumOfEstimates += backlog.dead();

            assertThat(backlog.reclaimed()).isZero();
            assertThat(backlog.halfWidth() / keys)
                    .as("half of the interval as a part of all keys, so small that the interval is useful")
                    .isLessThan(0.07);
        }

        // 95 % are expected. The test allows for fewer, because the number of samples is small.
        assertThat(intervalsWithTruth).isGreaterThanOrEqualTo(9 * TRIALS / 10);
        // The mean of all estimates is close to the truth, so they have no bias.
        assertThat(sumOfEstimates / TRIALS / keys).isCloseTo(node.dead() / (double) keys, within(0.008));
    }

    @ParameterizedTest
    @EnumSource
    void interval_samplesOfAPrimary_containsTheTruthAndCountsReclaimedKeys(Contents contents)
            throws InterruptedException {
        int intervalsWithTruth = 0;
        int trials = 10;
        for (int seed = 0; seed < trials; seed++) {
            SimulatedNode node = new SimulatedNode(/* replica= */ false);
            contents.plant(node, new Random(5));
            long deadBefore = node.dead();
            Backlog backlog = SlotSample.of(node, node.keysBySlot(), seed, BUDGET);
            intervalsWithTruth += Math.abs(backlog.dead() - deadBefore) <= backlog.halfWidth() ? 1 : 0;

            assertThat(backlog.reclaimed()).isEqualTo(deadBefore - node.dead());
            assertThat(backlog.coveredKeys())
                    .as("the number of covered keys, about a tenth of all keys")
                    .isLessThan(26_000);
        }

        assertThat(intervalsWithTruth).isGreaterThanOrEqualTo(trials - 1);
    }

    @Test
    void sample_smallBudget_makesHardlyMoreCallsThanAllowed() throws InterruptedException {
        SimulatedNode node = new SimulatedNode(/* replica= */ true);
        Contents.ONE_HUGE_DEAD_SLOT.plant(node, new Random(5));
        Backlog backlog = SlotSample.of(node, node.keysBySlot(), /* seed= */ 1, /* maxCalls= */ 50);

        assertThat(backlog.calls()).isEqualTo(node.calls).isBetween(50L, 70L);
        assertThat(backlog.halfWidth()).isPositive().isFinite();
    }

    @Test
    void sample_noKeys_isEmpty() throws InterruptedException {
        SimulatedNode node = new SimulatedNode(/* replica= */ true);
        assertThat(SlotSample.of(node, node.keysBySlot(), /* seed= */ 1, BUDGET))
                .isEqualTo(Backlog.NONE);
    }
}
