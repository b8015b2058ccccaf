package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.topology.Deployment;
import java.util.random.RandomGenerator;

/** The engine over any way to connect. */
public final class PrimarySweeper implements SweepEngine {

    private final NodeConnector connector;
    private final Timing timing;
    private final RandomGenerator seeds;

    /**
     * @param connector opens links; closed together with the engine
     * @param timing where time comes from
     * @param seeds where the random order of segments comes from; safe to share between threads
     */
    public PrimarySweeper(NodeConnector connector, Timing timing, RandomGenerator seeds) {
        this.connector = connector;
        this.timing = timing;
        this.seeds = seeds;
    }

    @Override
    public Inspection inspect(Deployment deployment) {
        try (Session session = switch (deployment) {
            case Deployment.Standalone standalone ->
                Session.open(connector, standalone.address(), standalone.access(), KeyNames.LEAVE_IF_NEEDED);
        }) {
            return session.survey().inspection();
        }
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
