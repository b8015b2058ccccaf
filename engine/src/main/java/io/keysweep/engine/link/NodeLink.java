package io.keysweep.engine.link;

import java.util.List;

/**
 * Sends commands to one node over one connection and returns the node's replies.
 *
 * <p>A link never reconnects, so the effect of SELECT lasts as long as the link. The thread that opened a link must
 * also use and close the link.
 */
public interface NodeLink extends AutoCloseable {

    /**
     * Stands for the replies to one send, which have not been read yet. The caller can send more commands before it
     * waits for these replies. Several instances must be awaited in the order in which their commands were sent.
     */
    @FunctionalInterface
    interface Sent {

        /**
         * Waits for all replies, and closes the link if they do not arrive. Error replies are returned as
         * {@link Reply.Failure}, not thrown. An interrupt does not end the wait, because the outcome of the commands
         * must become known; the thread's interrupt flag stays set.
         *
         * @throws LinkBrokenException if the connection breaks, a reply takes too long or is not in the Redis protocol;
         *     the server may have run the commands
         * @throws io.keysweep.engine.topology.NodeRefusedException instead of a LinkBrokenException, if the node has
         *     sent no reply so far, or only errors
         */
        Exchange await();
    }

    /**
     * Sends commands in one write, without waiting for replies.
     *
     * @param commands the commands, in the order in which the server runs them; at least one
     * @throws LinkBrokenException if the link is closed, or the connection has broken since the last reply; the server
     *     does not run the commands
     * @throws io.keysweep.engine.topology.NodeRefusedException instead of a LinkBrokenException, if the node has
     *     sent only errors so far
     */
    Sent send(List<Command> commands);

    /** Sends commands in one write and waits for all replies, see {@link Sent#await()}. */
    default Exchange call(List<Command> commands) {
        return send(commands).await();
    }

    /** Sends one command and waits for its reply; see {@link #call(List)}. */
    default Reply call(String... command) {
        return call(List.of(Command.of(command))).replies().getFirst();
    }

    /** Closes the connection. Commands that were not answered may still run. A second call has no effect. */
    @Override
    void close();
}
