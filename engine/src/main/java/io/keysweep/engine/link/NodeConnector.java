package io.keysweep.engine.link;

import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;

/** Opens links. Safe to share between threads. */
public interface NodeConnector extends AutoCloseable {

    /**
     * Connects to a server and authenticates; sends nothing else.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if there is no way in
     */
    NodeLink open(NodeAddress address, Access access);

    /** Ends the connector's own threads; links are to be closed before, by those who opened them. */
    @Override
    void close();
}
