package io.keysweep.engine.link;

import java.util.List;

/**
 * One connection to one node. Commands run on this very connection, so that SELECT and MULTI hold; it never reconnects
 * by itself. Used by one thread at a time.
 */
public interface NodeLink extends AutoCloseable {

    /**
     * Sends commands in one write and waits for all their replies. Error replies are returned, not thrown. An interrupt
     * does not cut the wait short, since the outcome of what was sent must become known; the thread stays interrupted.
     *
     * @throws LinkBrokenException if the connection breaks or an answer takes too long; what was sent may have been
     *     carried out
     * @throws io.keysweep.engine.topology.NodeRefusedException if the node has never answered in the Redis protocol
     */
    Exchange call(List<Command> commands);

    /** Sends one command; see {@link #call(List)}. */
    default Reply call(String... command) {
        return call(List.of(Command.of(command))).replies().getFirst();
    }

    /** Closes the connection. */
    @Override
    void close();
}
