package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.NodeRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a server refused a new connection, from the first error or the greeting that the server sent.
 *
 * <p>A server that refuses a client sends an error, for example {@code ERR max number of clients reached}, and closes
 * the connection. {@link LettuceLink} and {@link LettuceConnector} then report this error to the user instead of
 * "connection broke". Once the server has sent a reply that is not an error, it has accepted the connection. Later
 * errors concern single commands and are ignored here. Each connection has its instance of this class, because a server
 * may refuse one connection and accept another. Not thread-safe.
 */
final class ConnectionRefusal {

    private final Greeting greeting;
    private final ServerErrors errors;
    private Reply.@Nullable Failure firstError;

    /** Whether the server has sent a reply other than an error. */
    private boolean accepted;

    /**
     * Creates an instance for a new connection.
     *
     * @param greeting collects the text that the server sends before the first command
     * @param errors translates error replies of this server into exceptions for users
     */
    ConnectionRefusal(Greeting greeting, ServerErrors errors) {
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
     * Redis error. Returns null if the server accepted the connection, or sent neither an error nor a greeting.
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
        UnexpectedReplyException unexpectedReply = greeting.asUnexpectedReply();
        return unexpectedReply == null ? null : errors.unexpected(unexpectedReply);
    }
}
