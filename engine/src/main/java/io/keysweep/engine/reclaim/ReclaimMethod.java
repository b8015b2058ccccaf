package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;
import java.util.Optional;

/**
 * A way to do one step: a SCAN call reclaims the expired keys that it meets, and DBSIZE before and after it, as one unit
 * that nothing else on the server gets into, tells exactly how many. Immutable; safe to share.
 */
public sealed interface ReclaimMethod permits ScriptStep, TransactionStep, PipelineStep {

    /** Short name for people, for example {@code script}. */
    String label();

    /** Whether nothing else on the server can get into a step, so that its count is exact. */
    boolean atomic();

    /** Commands that the user must be allowed, in lower case. */
    List<String> permissions();

    /**
     * The largest COUNT that a step needs where several are on their way: a larger one would hold others up for longer
     * and hardly save the server anything.
     */
    default int largestUsefulCount() {
        return Integer.MAX_VALUE;
    }

    /**
     * The commands of a step, to be sent in one write.
     */
    List<Command> commands(StepRequest order);

    /**
     * Reads the replies to {@link #commands}.
     *
     * @throws io.keysweep.engine.link.UnexpectedReplyException if one of them is an error or not understood
     */
    StepOutcome outcome(List<Reply> replies, int count);

    /** The commands of a step that the server rejects for its cursor before it touches a key. */
    List<Command> probe();

    /** Why the server would not do steps this way, given the replies to {@link #probe()}; empty if it would. */
    default Optional<Reply.Failure> refusal(List<Reply> replies) {
        return replies.stream()
                .flatMap(
                        reply -> reply instanceof Reply.Items items ? items.values().stream() : List.of(reply).stream())
                .filter(Reply.Failure.class::isInstance)
                .map(Reply.Failure.class::cast)
                .filter(failure -> !failure.message().contains("invalid cursor"))
                .findFirst();
    }
}
