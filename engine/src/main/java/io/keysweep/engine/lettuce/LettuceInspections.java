package io.keysweep.engine.lettuce;

import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.sweep.Timing;
import java.security.SecureRandom;
import java.time.Duration;

/** What looks at servers without sweeping them, on Lettuce; each with a small event loop of its own until it is closed. */
public final class LettuceInspections {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

    private LettuceInspections() {}

    /** A new estimator. */
    public static BacklogEstimator estimator() {
        return new ReplicaFirstEstimator(connector(), Timing.system(), new SecureRandom());
    }

    /** A new doctor. */
    public static Doctor doctor() {
        return new ServerDoctor(connector());
    }

    private static LettuceConnector connector() {
        return new LettuceConnector(CONNECT_TIMEOUT, COMMAND_TIMEOUT);
    }
}
