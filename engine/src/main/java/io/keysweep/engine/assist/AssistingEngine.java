package io.keysweep.engine.assist;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps by another {@link SweepEngine}, and assists each primary once before its first sweep.
 *
 * <p>To assist is to make the server's own expiry cycle work harder for a while, see {@link Assist}. What the server
 * reclaims meanwhile is not part of the sweep's count. If the primary cannot be assisted, it is swept all the same. One
 * instance serves the sweep of one deployment, since it remembers the assisted primaries. Safe to share between
 * threads.
 */
public final class AssistingEngine implements SweepEngine {

    private final SweepEngine engine;
    private final Assist assist;
    private final AssistListener listener;
    /**
     * The addresses of the primaries that were assisted, also without success; empty for the only primary of other
     * deployments. In a cluster, slots that move are swept in a further round, which must not assist again.
     */
    private final Set<String> assisted = ConcurrentHashMap.newKeySet();

    /**
     * Creates an engine.
     *
     * @param engine sweeps; closed together with this object
     * @param assist assists; closed together with this object
     * @param listener receives what assist does; not called for a primary that refuses to be assisted
     */
    public AssistingEngine(SweepEngine engine, Assist assist, AssistListener listener) {
        this.engine = engine;
        this.assist = assist;
        this.listener = listener;
    }

    @Override
    public SweepReport sweep(SweepRequest request, SweepControl control, SweepListener events)
            throws InterruptedException {
        Shard shard = request.shard();
        if (assisted.add(shard == null ? "" : shard.primary().toString())) {
            try {
                listener.onEnded(assist.run(request, control, events, listener));
            } catch (NodeRefusedException e) {
                // The sweep meets the same server, and its failure is the one that the caller reports.
            }
        }
        return engine.sweep(request, control, events);
    }

    @Override
    public Topology discover(Deployment deployment) {
        return engine.discover(deployment);
    }

    @Override
    public PrimarySummary inspect(Deployment deployment, @Nullable Shard shard) {
        return engine.inspect(deployment, shard);
    }

    @Override
    public PrimaryReading read(Deployment deployment, NodeAddress primary) {
        return engine.read(deployment, primary);
    }

    @Override
    public void close() {
        try {
            engine.close();
        } finally {
            assist.close();
        }
    }
}
