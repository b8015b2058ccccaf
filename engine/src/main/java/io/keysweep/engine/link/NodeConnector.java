package io.keysweep.engine.link;

import io.keysweep.engine.topology.Deployment;

/** Opens links. Safe to share between threads. */
public interface NodeConnector extends AutoCloseable {

    /**
     * Connects to a server and authenticates; sends nothing else.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if there is no way in
     */
    NodeLink open(Deployment.Standalone deployment);

    /** Closes all links and ends the connector's threads. */
    @Override
    void close();
}
