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
 * Creates the objects through which the command line and the service use the engine, connected through Lettuce.
 *
 * <ul>
 * <li>The sweep engine removes expired keys from servers.
 * <li>The backlog estimator estimates how many expired keys still use memory.
 * <li>The doctor examines whether a server can be swept.
 * <li>The connector opens connections over which the caller sends commands itself.
 * </ul>
 *
 * <p>Every call runs on the calling thread; only the check of the seeds of a cluster uses separate short-lived threads.
 * The objects are safe to share between threads. The caller closes each of them. {@link EgressGate#OPEN} allows all
 * addresses except the metadata services of clouds.
 */
public final class LettuceEngine {

    private LettuceEngine() {}

    /** Creates a connector that may connect to all addresses that {@link EgressGate#OPEN} allows. */
    public static NodeConnector connector() {
        return connector(EgressGate.OPEN);
    }

    /**
     * Creates a connector.
     *
     * @param gate resolves host names and decides to which addresses the connector may connect
     */
    public static NodeConnector connector(EgressGate gate) {
        return LettuceConnector.create(gate);
    }

    /** Creates a sweep engine that may connect to all addresses that {@link EgressGate#OPEN} allows. */
    public static SweepEngine sweepEngine() {
        return sweepEngine(EgressGate.OPEN);
    }

    /**
     * Creates a sweep engine. One per process is enough.
     *
     * @param gate resolves host names and decides to which addresses the sweep engine may connect
     */
    public static SweepEngine sweepEngine(EgressGate gate) {
        return new PrimarySweeper(LettuceConnector.create(gate), Timing.system(), new SecureRandom());
    }

    /** Creates a backlog estimator that may connect to all addresses that {@link EgressGate#OPEN} allows. */
    public static BacklogEstimator estimator() {
        return estimator(EgressGate.OPEN);
    }

    /**
     * Creates a backlog estimator.
     *
     * @param gate resolves host names and decides to which addresses the estimator may connect
     */
    public static BacklogEstimator estimator(EgressGate gate) {
        return new ReplicaFirstEstimator(LettuceConnector.create(gate), Timing.system(), new SecureRandom());
    }

    /** Creates a doctor that may connect to all addresses that {@link EgressGate#OPEN} allows. */
    public static Doctor doctor() {
        return new ServerDoctor(LettuceConnector.create(EgressGate.OPEN));
    }
}
