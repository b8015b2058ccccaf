package io.keysweep.engine.sweep;

import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Shard;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Implements {@link SweepEngine} on connections that any {@link NodeConnector} opens.
 *
 * <p>The engine keeps no state between two calls, and opens and closes the connections of a call within that call. Each
 * sweep runs on the calling thread. Safe to share between threads.
 */
public final class PrimarySweeper implements SweepEngine {

    private final NodeConnector connector;
    private final Timing timing;
    private final RandomGenerator seeds;

    /**
     * Creates an engine.
     *
     * @param connector opens connections to servers; closed together with the engine
     * @param timing the source of time
     * @param seeds supplies seeds for the random order of segments; must be safe to share between threads
     */
    public PrimarySweeper(NodeConnector connector, Timing timing, RandomGenerator seeds) {
        this.connector = connector;
        this.timing = timing;
        this.seeds = seeds;
    }

    @Override
    public Topology discover(Deployment deployment) {
        return Discovery.of(connector, deployment).discover();
    }

    @Override
    public PrimarySummary inspect(Deployment deployment, @Nullable Shard shard) {
        PrimaryLocator locator = new PrimaryLocator(connector, deployment, shard);
        try (Session session = SessionOpener.open(
                connector, locator, deployment.access(), KeyNames.LEAVE_IF_NEEDED, /* skipDeniedDatabases= */ false)) {
            return session.inspection().summary();
        }
    }

    @Override
    public PrimaryReading read(Deployment deployment, NodeAddress primary) {
        return PrimaryReading.take(connector, primary, deployment.access());
    }

    @Override
    public SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener)
            throws InterruptedException {
        return new Sweep(connector, timing, seeds, request, control, listener).run();
    }

    @Override
    public void close() {
        connector.close();
    }
}
