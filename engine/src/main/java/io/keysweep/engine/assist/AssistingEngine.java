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
 * Delegates sweeps to another {@link SweepEngine}, and assists each primary once before its first sweep.
 *
 * <p>To assist is to raise settings of the server for a while, so that the server itself removes more expired keys; see
 * {@link Assist}. Keys that the server reclaims during assist are not part of the sweep's count. A primary that cannot
 * be assisted is swept without assist. One instance serves the sweep of one deployment, since it remembers the assisted
 * primaries. Safe to share between threads.
 */
public final class AssistingEngine implements SweepEngine {

    private final SweepEngine engine;
    private final Assist assist;
    private final AssistListener listener;
    /**
     * The addresses of the primaries for which assist was tried. An empty text stands for the only primary of a
     * deployment that is not a cluster. In a cluster, slots that move are swept in a further round, which must not
     * assist again.
     */
    private final Set<String> assisted = ConcurrentHashMap.newKeySet();

    /**
     * Creates an engine.
     *
     * @param engine runs the sweeps; closed together with this object
     * @param assist assists the primaries; closed together with this object
     * @param listener receives the events of assist; not called for a primary that cannot be assisted
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
                // The sweep of the same server fails in the same way, and the caller reports that failure.
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
