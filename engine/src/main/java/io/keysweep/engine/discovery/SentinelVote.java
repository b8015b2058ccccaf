package io.keysweep.engine.discovery;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decides from the answers of all sentinels which primary they agree on.
 *
 * <p>More than half of the sentinels that the user has given must name the same primary and regard it as up. A sentinel
 * that does not answer, or does not know the name, agrees with nobody. A sentinel that names another primary under a
 * higher config epoch has seen a later failover, so then there is no agreement.
 *
 * @param primaryName the name under which the sentinels know the primary
 * @param answers one answer for each sentinel, in the order in which the user has given them
 */
record SentinelVote(String primaryName, List<SentinelAnswer> answers) {

    /** Leaves room for the rest of the message, which the service stores in 1000 characters. */
    private static final int MAX_SHOWN = 600;

    SentinelVote {
        answers = List.copyOf(answers);
    }

    /**
     * Returns the first answer that names the agreed primary.
     *
     * @throws NodeRefusedException if there is no agreement; the message contains every answer
     */
    SentinelAnswer.Named agreed() {
        List<SentinelAnswer.Named> named = named();
        if (named.isEmpty()) {
            throw nobodyKnows();
        }
        return named.stream()
                .filter(answer -> !answer.down())
                .filter(answer -> votes(named, answer.primary()) >= needed())
                .filter(answer -> !hasNewerRival(named, answer.primary()))
                .findFirst()
                .orElseThrow(this::disagreement);
    }

    private List<SentinelAnswer.Named> named() {
        return answers.stream()
                .filter(SentinelAnswer.Named.class::isInstance)
                .map(SentinelAnswer.Named.class::cast)
                .toList();
    }

    private int needed() {
        return answers.size() / 2 + 1;
    }

    private static long votes(List<SentinelAnswer.Named> named, NodeAddress primary) {
        return named.stream()
                .filter(answer -> !answer.down() && answer.primary().equals(primary))
                .count();
    }

    private static boolean hasNewerRival(List<SentinelAnswer.Named> named, NodeAddress primary) {
        return newestEpoch(named, primary, /* same= */ false) > newestEpoch(named, primary, /* same= */ true);
    }

    /** Returns the highest epoch of the answers that name the primary ({@code same}), or that name another one. */
    private static long newestEpoch(List<SentinelAnswer.Named> named, NodeAddress primary, boolean same) {
        return named.stream()
                .filter(answer -> answer.primary().equals(primary) == same)
                .mapToLong(SentinelAnswer.Named::configEpoch)
                .max()
                .orElse(SentinelAnswer.Named.UNKNOWN_EPOCH);
    }

    private NodeRefusedException disagreement() {
        return new NodeRefusedException(
                named().getFirst().primary().toString(),
                Reason.TOPOLOGY_UNCLEAR,
                "the sentinels do not agree on the primary of \"" + primaryName + "\": at least " + needed() + " of "
                        + answers.size() + " must name the same one as up, and none another one under a higher"
                        + " config epoch; " + allShown()
                        + ". Try again after the failover, or correct the list of sentinels");
    }

    private NodeRefusedException nobodyKnows() {
        NodeRefusedException first = answers.stream()
                .filter(SentinelAnswer.NoPrimary.class::isInstance)
                .map(SentinelAnswer.NoPrimary.class::cast)
                .map(SentinelAnswer.NoPrimary::refusal)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sentinel was asked"));
        return new NodeRefusedException(
                first.nodeId(),
                first.reason(),
                "none of " + answers.size() + " sentinels reported where \"" + primaryName + "\" is: " + allShown());
    }

    private String allShown() {
        String all = answers.stream().map(SentinelAnswer::shown).collect(Collectors.joining("; "));
        return ForeignText.excerpt(all, MAX_SHOWN);
    }
}
