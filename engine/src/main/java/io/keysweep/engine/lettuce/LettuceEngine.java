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
 * Creates the three entry points of the engine, each connected through Lettuce: the sweep engine, the backlog estimator
 * and the doctor. None of them has threads of its own; every call runs on the calling thread.
 */
public final class LettuceEngine {

    private LettuceEngine() {}

    /** Creates a connector, for callers that send commands of their own. It is safe to share between threads. */
    public static NodeConnector connector() {
        return LettuceConnector.create();
    }

    /** Creates a sweep engine. It is safe to share between threads, and one per process is enough. */
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
