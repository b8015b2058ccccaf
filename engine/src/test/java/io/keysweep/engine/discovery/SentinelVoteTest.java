package io.keysweep.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Tests on which primary sentinels agree, by their answers.
 *
 * <p>An answer has a config epoch, a number that rises with every failover; -1 stands for an unknown one.
 */
final class SentinelVoteTest {

    private static final NodeAddress A = new NodeAddress("10.0.0.1", 6379);
    private static final NodeAddress B = new NodeAddress("10.0.0.2", 6379);

    @Test
    void findAgreedAnswer_majorityNamesAPrimary_isThatPrimary() {
        assertThat(findAgreedAnswer(names(A, 1))).isEqualTo(A);
        assertThat(findAgreedAnswer(names(B, 1), names(A, 1), names(A, 1))).isEqualTo(A);
        assertThat(findAgreedAnswer(silent(), names(A, 1), names(A, 1))).isEqualTo(A);

        assertThat(findAgreedAnswer(names(B, 1), names(A, 2), names(A, 2)))
                .as("the primary although one sentinel has not seen the last failover")
                .isEqualTo(A);
        assertThat(findAgreedAnswer(down(A, 1), names(A, 1), names(A, 1)))
                .as("the primary although one sentinel cannot reach it")
                .isEqualTo(A);
        assertThat(findAgreedAnswer(names(A, 1), names(A, 2), names(A, -1)))
                .as("the primary although the config epochs differ")
                .isEqualTo(A);
    }

    @Test
    void findAgreedAnswer_noMajority_isUnclear() {
        // Half of the sentinels is not enough.
        assertUnclear(names(A, 1), names(B, 1));
        assertUnclear(names(A, 1), names(B, 2));
        assertUnclear(names(A, 1), names(A, 1), names(B, 1), names(B, 1));

        // A silent sentinel has no vote, but is counted.
        assertUnclear(names(A, 1), silent());
        assertUnclear(names(A, 1), silent(), silent());

        // A sentinel that regards its primary as down does not vote for it.
        assertUnclear(down(A, 1));
        assertUnclear(down(A, 1), down(A, 1), names(A, 1));
    }

    @Test
    void findAgreedAnswer_otherPrimaryUnderAHigherEpoch_isUnclear() {
        assertUnclear(names(A, 1), names(A, 1), names(B, 2));
        assertUnclear(names(A, -1), names(A, -1), names(B, 2));
    }

    @Test
    void findAgreedAnswer_otherPrimaryOnlyUnderAnOldEpoch_isThePrimaryOfTheMajority() {
        assertThat(findAgreedAnswer(names(A, 2), names(A, 1), names(B, 1))).isEqualTo(A);
    }

    @Test
    void findAgreedAnswer_sentinelGivenTwice_hasOneVote() {
        // The sentinel x is one of two, which is no majority.
        assertUnclear(namesAs("x", A, 1), namesAs("x", A, 1), namesAs("y", B, 1));
        assertUnclear(namesAs("x", A, 1), namesAs("x", A, 1), silent());

        // Both sentinels, or the only one, name A.
        assertThat(findAgreedAnswer(namesAs("x", A, 1), namesAs("x", A, 1), namesAs("y", A, 1)))
                .isEqualTo(A);
        assertThat(findAgreedAnswer(namesAs("x", A, 1), namesAs("x", A, 1))).isEqualTo(A);

        // The only sentinel contradicts itself.
        assertUnclear(namesAs("x", B, 1), namesAs("x", A, 1));
    }

    @Test
    void findAgreedAnswer_disagreement_isRefusedWithTheAnswerOfEachSentinel() {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> findAgreedAnswer(names(A, 3), down(B, 4), silent()))
                .withMessage("the sentinels do not agree on the primary of 'main': at least 2 of 3 must name the same"
                        + " one as up, and none another one under a higher config epoch; s0:26379 names 10.0.0.1:6379"
                        + " (config epoch 3); s1:26379 names 10.0.0.2:6379 (config epoch 4) and regards it as down; s2"
                        + " is silent. Try again after the failover, or correct the list of sentinels");
    }

    @Test
    void findAgreedAnswer_noSentinelNamesAPrimary_isRefusedForTheReasonOfTheFirst() {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> findAgreedAnswer(silent(), silent()))
                .matches(e -> e.reason() == Reason.UNREACHABLE)
                .withMessage("none of 2 sentinels reported where 'main' is: s0 is silent; s1 is silent");
    }

    /** Creates the answer that the sentinel with a number gives. */
    private interface AnswerCreator {

        SentinelAnswer by(int number);
    }

    /** Returns the answer of a sentinel without an id that a primary is up. */
    private static AnswerCreator names(NodeAddress primary, long epoch) {
        return namesAs("", primary, epoch);
    }

    /** Returns the answer of the sentinel with this id that a primary is up, under a config epoch. */
    private static AnswerCreator namesAs(String id, NodeAddress primary, long epoch) {
        return number -> new SentinelAnswer.Named(sentinel(number), id, primary, epoch, /* down= */ false);
    }

    /** Returns the answer that a primary is down, under a config epoch. */
    private static AnswerCreator down(NodeAddress primary, long epoch) {
        return number -> new SentinelAnswer.Named(sentinel(number), "", primary, epoch, /* down= */ true);
    }

    /** Returns what is known of a sentinel that does not answer. */
    private static AnswerCreator silent() {
        return number -> new SentinelAnswer.NoPrimary(
                sentinel(number),
                new NodeRefusedException("s" + number, Reason.UNREACHABLE, "s" + number + " is silent"));
    }

    private static NodeAddress sentinel(int number) {
        return new NodeAddress("s" + number, 26_379);
    }

    /** Returns the primary on which the sentinels agree. */
    private static NodeAddress findAgreedAnswer(AnswerCreator... answers) {
        List<SentinelAnswer> sentinelAnswers = IntStream.range(0, answers.length)
                .mapToObj(number -> answers[number].by(number))
                .toList();
        return new SentinelVote("main", sentinelAnswers).findAgreedAnswer().primary();
    }

    /** Asserts that no primary follows from the answers. */
    private static void assertUnclear(AnswerCreator... answers) {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> findAgreedAnswer(answers))
                .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR);
    }
}
