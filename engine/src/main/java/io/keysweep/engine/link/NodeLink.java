package io.keysweep.engine.link;

import java.util.List;

/**
 * One connection to one node. Commands run on this very connection, so that SELECT and MULTI hold; it never reconnects
 * by itself. Used and closed by the thread that opened it.
 */
public interface NodeLink extends AutoCloseable {

    /** Commands on their way. To be waited for in the order in which they were sent. */
    @FunctionalInterface
    interface Sent {

        /**
         * Waits for all replies. Error replies are returned, not thrown. An interrupt does not cut the wait short, since
         * the outcome of what was sent must become known; the thread stays interrupted.
         *
         * @throws LinkBrokenException if the connection breaks or an answer takes too long; what was sent may have
         *     been carried out
         * @throws io.keysweep.engine.topology.NodeRefusedException if the node has never answered in the Redis
         *     protocol
         */
        Exchange await();
    }

    /**
     * Sends commands in one write.
     *
     * @throws LinkBrokenException if the connection is closed
     */
    Sent send(List<Command> commands);

    /** Sends commands in one write and waits for all their replies, see {@link Sent#await()}. */
    default Exchange call(List<Command> commands) {
        return send(commands).await();
    }

    /** Sends one command; see {@link #call(List)}. */
    default Reply call(String... command) {
        return call(List.of(Command.of(command))).replies().getFirst();
    }

    /** Closes the connection. */
    @Override
    void close();
}
