package io.keysweep.engine.lettuce;

import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.sweep.Timing;
import java.security.SecureRandom;

/** What looks at servers without sweeping them, on Lettuce, in the thread that asks. */
public final class LettuceInspections {

    private LettuceInspections() {}

    /** A new estimator. */
    public static BacklogEstimator estimator() {
        return new ReplicaFirstEstimator(LettuceConnector.create(), Timing.system(), new SecureRandom());
    }

    /** A new doctor. */
    public static Doctor doctor() {
        return new ServerDoctor(LettuceConnector.create());
    }
}
