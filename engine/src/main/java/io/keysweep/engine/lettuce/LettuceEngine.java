package io.keysweep.engine.lettuce;

import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.Timing;
import java.security.SecureRandom;

/**
 * Creates the engine's three entry points, which connect to servers through Lettuce; CLI and service begin here.
 *
 * <ul>
 *   <li>The sweep engine removes expired keys from servers.
 *   <li>The backlog estimator estimates how many expired keys still use memory.
 *   <li>The doctor examines whether a server can be swept.
 * </ul>
 *
 * <p>These objects have no threads of their own; every call runs on the calling thread.
 */
public final class LettuceEngine {

    private LettuceEngine() {}

    /**
     * Creates a connector, for callers that send commands of their own. The connector is safe to share between threads.
     */
    public static NodeConnector connector() {
        return LettuceConnector.create();
    }

    /** Creates a sweep engine. One per process is enough, as it is safe to share between threads. */
    public static SweepEngine sweepEngine() {
        return new PrimarySweeper(LettuceConnector.create(), Timing.system(), new SecureRandom());
    }

    /** Creates a backlog estimator. */
    public static BacklogEstimator estimator() {
        return new ReplicaFirstEstimator(LettuceConnector.create(), Timing.system(), new SecureRandom());
    }

    /** Creates a doctor. */
    public static Doctor doctor() {
        return new ServerDoctor(LettuceConnector.create());
    }
}
