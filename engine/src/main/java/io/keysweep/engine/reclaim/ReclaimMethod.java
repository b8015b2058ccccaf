package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reclaim method performs one step of a sweep: it visits some keys, and the server removes the expired ones.
 *
 * <p>Keysweep sends no DEL. A SCAN makes the server itself remove the expired keys that the scan meets. The method
 * sends DBSIZE before and after SCAN; the difference is the number of reclaimed keys. This number is exact if no
 * command of another client runs in between. {@link MethodSelector} selects the method:
 *
 * <ul>
 *   <li>{@link ScriptStep}, a Lua script: exact, and no key name leaves the server
 *   <li>{@link TransactionStep}, a MULTI with EXEC: exact
 *   <li>{@link PipelineStep}, plain commands: an estimate
 * </ul>
 *
 * <p>Implementations are immutable and thread-safe.
 */
public sealed interface ReclaimMethod permits ScriptStep, TransactionStep, PipelineStep {

    /**
     * Returns a short name for users: {@code script}, {@code transaction} or {@code pipeline}. The last two have the
     * suffix {@code without names} if no key names leave the server.
     */
    String label();

    /**
     * Returns whether the server runs a step without commands of other clients in between, so that its count is exact.
     */
    boolean atomic();

    /** Returns whether the server refuses to start a step after {@link StepRequest#notAfterMicros}. */
    default boolean checksServerClock() {
        return false;
    }

    /**
     * Returns whether the server counts each key that a step visits as a read, so that INFO {@code keyspace_hits} or
     * {@code keyspace_misses} grows.
     */
    default boolean countsAsReads() {
        return false;
    }

    /**
     * Returns the commands that this method uses, in lower case as in ACL rules, for example {@code scan} or
     * {@code client|kill}. The ACL user should be allowed to run all of them.
     */
    List<String> permissions();

    /**
     * Returns the largest COUNT that is useful while several steps are in flight, that is, sent but not answered. A
     * larger COUNT would delay the other steps and save the server hardly any time. The default is no limit.
     */
    default int largestUsefulCount() {
        return Integer.MAX_VALUE;
    }

    /**
     * Returns whether the replies show how many live keys a step has visited. If not, {@link StepOutcome#visited} is
     * only the number of keys that was requested.
     */
    boolean countsLiveKeys();

    /** Returns whether replies contain the names of live keys, so that their size depends on the names. */
    default boolean sendsNames() {
        return false;
    }

    /**
     * Returns a command that reads DBSIZE inside a script or transaction, as an atomic step does; null if the method is
     * not atomic. The reply is the size, or an array whose first element is the size.
     */
    default @Nullable Command dbSizeInStep() {
        return null;
    }

    /** Returns the commands of a step, which must be sent in one write. */
    List<Command> commands(StepRequest request);

    /**
     * Reads the replies to {@link #commands}, and returns the outcome of the step.
     *
     * @param replies one reply for each command
     * @param count the COUNT of the step's request
     * @throws io.keysweep.engine.link.UnexpectedReplyException if one of the replies is an error or has another type
     */
    StepOutcome outcome(List<Reply> replies, int count);

    /**
     * Returns the commands of a step with an invalid cursor. The error that it gets shows whether the server allows the
     * method.
     */
    List<Command> probe();

    /**
     * Returns the error with which the server refuses this method; empty if the server allows the method.
     *
     * @param replies the replies to {@link #probe()}. An allowed method gets the error "invalid cursor", which is no
     *     refusal
     * @throws io.keysweep.engine.link.UnexpectedReplyException if the server answers SCAN with a cursor that is no
     *     number
     */
    default Optional<Reply.Failure> refusal(List<Reply> replies) {
        replies.forEach(ReclaimMethod::checkCursor);
        // The reply to EXEC contains the replies to the queued commands, so errors are also searched one level deeper.
        return replies.stream()
                .flatMap(
                        reply -> reply instanceof Reply.Items items ? items.values().stream() : List.of(reply).stream())
                .filter(Reply.Failure.class::isInstance)
                .map(Reply.Failure.class::cast)
                .filter(failure -> !failure.message().contains("invalid cursor"))
                .findFirst();
    }

    /**
     * Checks that each reply to a SCAN has a numeric cursor, also inside the reply to EXEC; throws
     * UnexpectedReplyException otherwise.
     */
    private static void checkCursor(Reply reply) {
        if (reply instanceof Reply.Items(List<Reply> values)) {
            if (values.size() == 2 && values.getFirst() instanceof Reply.Text cursor) {
                cursor.unsigned();
            } else {
                values.forEach(ReclaimMethod::checkCursor);
            }
        }
    }
}
