package io.keysweep.engine.link;

import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import java.util.function.Consumer;

/**
 * Opens a {@link NodeLink} to a node; the engine reaches servers only through this interface. Implementations are
 * thread-safe.
 */
public interface NodeConnector extends AutoCloseable {

    /**
     * Connects to a node, and authenticates if the access has a password; sends no other command. Blocks until both are
     * done, for some seconds at most.
     *
     * @return a link that the calling thread must use and close
     * @throws io.keysweep.engine.topology.NodeRefusedException if the node cannot be connected to, or refuses the
     *     credentials
     */
    NodeLink open(NodeAddress address, Access access);

    /**
     * Connects to a node as {@link #open} does, over a link that also receives published messages. After a PSUBSCRIBE,
     * the server accepts no other commands on this link than those for subscriptions.
     *
     * @param messages receives the text of each message, decoded as UTF-8. It is called while the calling thread sends
     *     commands or waits for replies, and never afterwards
     */
    NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages);

    /** Releases the resources of the client library. Callers must close all links of this connector first. */
    @Override
    void close();
}
