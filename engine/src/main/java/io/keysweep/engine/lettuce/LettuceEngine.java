package io.keysweep.engine.lettuce;

import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.egress.EgressGate;
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
        return LettuceConnector.create(EgressGate.OPEN);
    }

    /** Creates a sweep engine that connects wherever {@link EgressGate#OPEN} allows. */
    public static SweepEngine sweepEngine() {
        return sweepEngine(EgressGate.OPEN);
    }

    /**
     * Creates a sweep engine. One per process is enough, as it is safe to share between threads.
     *
     * @param gate says which addresses it may connect to
     */
    public static SweepEngine sweepEngine(EgressGate gate) {
        return new PrimarySweeper(LettuceConnector.create(gate), Timing.system(), new SecureRandom());
    }

    /** Creates a backlog estimator that connects wherever {@link EgressGate#OPEN} allows. */
    public static BacklogEstimator estimator() {
        return estimator(EgressGate.OPEN);
    }

    /**
     * Creates a backlog estimator.
     *
     * @param gate says which addresses it may connect to
     */
    public static BacklogEstimator estimator(EgressGate gate) {
        return new ReplicaFirstEstimator(LettuceConnector.create(gate), Timing.system(), new SecureRandom());
    }

    /** Creates a doctor. */
    public static Doctor doctor() {
        return new ServerDoctor(LettuceConnector.create(EgressGate.OPEN));
    }
}
