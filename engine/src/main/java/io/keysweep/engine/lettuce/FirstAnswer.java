package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.NodeRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the error with which a server refused a new connection, to explain why the connection broke.
 *
 * <p>A server that refuses a client sends an error, for example {@code ERR max number of clients reached}, and closes
 * the connection. {@link LettuceLink} and {@link LettuceConnector} then report this error to the user in place of
 * "connection broke". Once the server has sent a reply that is not an error, it has accepted the connection, and errors
 * explain nothing any more. Each connection has an instance of its own, because a server may refuse one connection and
 * accept another. Not thread-safe.
 */
final class FirstAnswer {

    private final Greeting greeting;
    private final ServerErrors errors;
    private Reply.@Nullable Failure firstError;

    /** Whether the server has sent a reply other than an error. */
    private boolean accepted;

    /**
     * Creates an instance for a new connection.
     *
     * @param greeting collects the text that the server sends before the first command
     * @param errors translates errors of this server into messages for users
     */
    FirstAnswer(Greeting greeting, ServerErrors errors) {
        this.greeting = greeting;
        this.errors = errors;
    }

    /** Adds a reply. A reply other than an error shows that the server has accepted the connection. */
    void add(Reply reply) {
        if (!(reply instanceof Reply.Failure failure)) {
            accepted = true;
        } else if (firstError == null) {
            firstError = failure;
        }
    }

    /**
     * Returns the exception that explains a broken connection, from the server's error or from a greeting that is not a
     * Redis error. Null if the server had accepted the connection, or had sent neither.
     */
    @Nullable NodeRefusedException refusal() {
        if (accepted) {
            return null;
        }
        // A greeting comes before any reply, so an error in it is the first.
        Reply.Failure error = greeting.error();
        if (error == null) {
            error = firstError;
        }
        if (error != null) {
            // If the error is a missing permission, the message lists all commands that the user must be allowed.
            return errors.of("the connection", error, MethodSelector.neededCommands());
        }
        UnexpectedReplyException unexpected = greeting.unexpected();
        return unexpected == null ? null : errors.unexpected(unexpected);
    }
}
