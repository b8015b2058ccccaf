package io.keysweep.engine.discovery;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides from the answers of all sentinels which primary they agree on; {@link SentinelDiscovery} collects the
 * answers.
 *
 * <p>The sentinels agree if more than half of all sentinels in the user's list name the same primary and regard it as
 * up. A sentinel that does not answer, or does not know the name, has no vote. The config epoch is a number that rises
 * with every failover. There is no agreement if a sentinel names another primary under a higher config epoch, because
 * that sentinel has seen a later failover.
 *
 * <p>A sentinel that the list contains at two addresses has one vote if it reports its id. Example: of three sentinels,
 * two must name the same primary, and the third must not know a later failover.
 *
 * @param primaryName the name under which the sentinels know the primary
 * @param answers one answer for each sentinel, in the order of the user's list. The constructor removes an answer if an
 *     earlier one has the same sentinel id and the same primary
 */
record SentinelVote(String primaryName, List<SentinelAnswer> answers) {

    /** The largest number of characters for the answers; the service stores a message in 1000 characters. */
    private static final int MAX_ANSWERS_LENGTH = 600;

    SentinelVote {
        // The key also contains the primary. Otherwise, a sentinel that reports a false id could remove the vote of
        // another sentinel.
        Set<List<Object>> countedVotes = new HashSet<>();
        answers = answers.stream()
                .filter(answer -> !(answer instanceof SentinelAnswer.Named named)
                        || named.id().isEmpty()
                        || countedVotes.add(List.of(named.id(), named.primary())))
                .toList();
    }

    /**
     * Returns the first answer that names the agreed primary and regards it as up.
     *
     * @throws NodeRefusedException if there is no agreement; the message contains the answers, cut after 600 characters
     */
    SentinelAnswer.Named findAgreedAnswer() {
        List<SentinelAnswer.Named> answersWithPrimary = answersWithPrimary();
        if (answersWithPrimary.isEmpty()) {
            throw noAnswer();
        }
        return answersWithPrimary.stream()
                .filter(answer -> !answer.down())
                .filter(answer -> votes(answersWithPrimary, answer.primary()) >= requiredVotes())
                .filter(answer -> !hasNewerRival(answersWithPrimary, answer.primary()))
                .findFirst()
                .orElseThrow(this::disagreement);
    }

    private List<SentinelAnswer.Named> answersWithPrimary() {
        return answers.stream()
                .filter(SentinelAnswer.Named.class::isInstance)
                .map(SentinelAnswer.Named.class::cast)
                .toList();
    }

    private int requiredVotes() {
        return answers.size() / 2 + 1;
    }

    /** Returns the number of sentinels that name the primary and regard it as up. */
    private static long votes(List<SentinelAnswer.Named> answersWithPrimary, NodeAddress primary) {
        return answersWithPrimary.stream()
                .filter(answer -> !answer.down() && answer.primary().equals(primary))
                .count();
    }

    /**
     * Returns whether a sentinel names another primary under a higher config epoch than any sentinel names this one. An
     * epoch that is not known is treated as lower than all others.
     */
    private static boolean hasNewerRival(List<SentinelAnswer.Named> answersWithPrimary, NodeAddress primary) {
        long newestOfOthers =
                newestEpoch(answersWithPrimary, answer -> !answer.primary().equals(primary));
        long newestOfPrimary =
                newestEpoch(answersWithPrimary, answer -> answer.primary().equals(primary));
        return newestOfOthers > newestOfPrimary;
    }

    /** Returns the highest known epoch of the answers that match a filter. */
    private static long newestEpoch(
            List<SentinelAnswer.Named> answersWithPrimary, Predicate<SentinelAnswer.Named> filter) {
        return answersWithPrimary.stream()
                .filter(filter)
                .mapToLong(SentinelAnswer.Named::configEpoch)
                .max()
                .orElse(SentinelAnswer.Named.UNKNOWN_EPOCH);
    }

    private NodeRefusedException disagreement() {
        return new NodeRefusedException(
                answersWithPrimary().getFirst().primary().toString(),
                Reason.TOPOLOGY_UNCLEAR,
                "the sentinels do not agree on the primary of '" + primaryName + "': at least " + requiredVotes()
                        + " of "
                        + answers.size() + " must name the same one as up, and none another one under a higher"
                        + " config epoch; " + describeAnswers()
                        + ". Try again after the failover, or correct the list of sentinels");
    }

    /**
     * Returns the exception for the case that no sentinel names a primary. It has the node and reason of the first
     * sentinel.
     */
    private NodeRefusedException noAnswer() {
        NodeRefusedException firstRefusal = answers.stream()
                .filter(SentinelAnswer.NoPrimary.class::isInstance)
                .map(SentinelAnswer.NoPrimary.class::cast)
                .map(SentinelAnswer.NoPrimary::refusal)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sentinel was asked"));
        return new NodeRefusedException(
                firstRefusal.nodeId(),
                firstRefusal.reason(),
                (answers.size() == 1
                                ? "the sentinel did not report"
                                : "none of " + answers.size() + " sentinels reported")
                        + " where '" + primaryName + "' is: " + describeAnswers());
    }

    private String describeAnswers() {
        String answerTexts = answers.stream().map(SentinelAnswer::describe).collect(Collectors.joining("; "));
        return ForeignText.excerpt(answerTexts, MAX_ANSWERS_LENGTH);
    }
}
