package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.NodeRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the first error of a server that has answered with nothing but errors. If the connection then breaks, this
 * error is the cause, for example {@code ERR max number of clients reached}.
 */
final class FirstAnswer {

    private final Greeting greeting;
    private final ServerErrors errors;
    private Reply.@Nullable Failure firstError;
    private boolean accepted;

    /** @param greeting what the server has sent before the first command */
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

    /** Returns why the server has refused the connection that broke now; null if it did not say, or had accepted it. */
    @Nullable NodeRefusedException refusal() {
        if (accepted) {
            return null;
        }
        Reply.Failure error = greeting.error();
        if (error == null) {
            error = firstError;
        }
        if (error != null) {
            return errors.of("the connection", error, MethodSelector.neededCommands());
        }
        UnexpectedReplyException unexpected = greeting.unexpected();
        return unexpected == null ? null : errors.unexpected(unexpected);
    }
}
