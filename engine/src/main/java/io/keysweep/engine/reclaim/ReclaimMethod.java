package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Performs one step. A SCAN call reclaims the expired keys that it meets. DBSIZE before and after it, with no other
 * client's command in between, gives the exact number of them. Implementations are immutable and thread-safe.
 */
public sealed interface ReclaimMethod permits ScriptStep, TransactionStep, PipelineStep {

    /** Returns a short name for users, for example {@code script}. */
    String label();

    /** Returns whether no other client's command can run within a step, so that its count is exact. */
    boolean atomic();

    /** Returns the commands that the user must be allowed to run, in lower case. */
    List<String> permissions();

    /**
     * Returns the largest COUNT that is useful while several steps are in flight. A larger one would delay the other
     * steps and save the server hardly any time.
     */
    default int largestUsefulCount() {
        return Integer.MAX_VALUE;
    }

    /** Returns the commands of a step, which must be sent in one write. */
    List<Command> commands(StepRequest request);

    /**
     * Reads the replies to {@link #commands}.
     *
     * @param count the COUNT of the step's request
     * @throws io.keysweep.engine.link.UnexpectedReplyException if one of the replies is an error or has another type
     */
    StepOutcome outcome(List<Reply> replies, int count);

    /** Returns the commands of a step whose cursor the server rejects before it touches a key. */
    List<Command> probe();

    /** Returns why the server does not allow this method, given the replies to {@link #probe()}; empty if it does. */
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
