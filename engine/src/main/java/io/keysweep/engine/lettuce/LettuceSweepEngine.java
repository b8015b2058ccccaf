package io.keysweep.engine.lettuce;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.Inspection;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The engine on Lettuce. Safe to share between threads; one for a process is enough. */
public final class LettuceSweepEngine implements SweepEngine {

    private final SweepEngine sweeper;

    private LettuceSweepEngine(SweepEngine sweeper) {
        this.sweeper = sweeper;
    }

    /** A new engine, without threads of its own: a sweep runs in the one that asks for it. */
    public static SweepEngine create() {
        return new LettuceSweepEngine(
                new PrimarySweeper(LettuceConnector.create(), Timing.system(), new SecureRandom()));
    }

    @Override
    public Topology discover(Deployment deployment) {
        return sweeper.discover(deployment);
    }

    @Override
    public Inspection inspect(Deployment deployment, @Nullable Shard shard) {
        return sweeper.inspect(deployment, shard);
    }

    @Override
    public SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener)
            throws InterruptedException {
        return sweeper.sweep(request, control, listener);
    }

    @Override
    public void close() {
        sweeper.close();
    }
}
