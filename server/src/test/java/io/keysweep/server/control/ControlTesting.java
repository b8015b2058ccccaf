package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.engine.pacing.PacePolicy;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What tests of other rooms need of this one. */
public final class ControlTesting {

    private ControlTesting() {}

    /** Wakes over a database. */
    public static WakeUps wakeUps(JdbcClient jdbc, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        return new WakeUps(jdbc, scheduler, clock);
    }

    /** The paces of the sweeps that a process runs, by their executions. */
    public static Map<String, PacePolicy> paces(RunningSweeps running) {
        return running.paces();
    }

    /** What a scan has been told. */
    public static ScanInstructions orders(JdbcClient jdbc, UUID scanId) {
        return new InstructionStore(jdbc).find(scanId).orElseThrow();
    }
}
