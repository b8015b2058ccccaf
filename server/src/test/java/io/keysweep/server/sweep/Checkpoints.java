package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;

/** Builds checkpoints of the sweep of one server for tests. */
final class Checkpoints {

    static final String NODE = "127.0.0.1:6379";
    static final ReplicationPoint DELETIONS = new ReplicationPoint("replid", 4_711);
    static final ReplicationIdentity IDENTITY = new ReplicationIdentity("run", "replid", 3);
    static final SlotSet SLOTS = SlotSet.parse("0-5460,10923");

    static final UncountedSteps UNCOUNTED = new UncountedSteps(
            /* atMost= */ 900,
            /* likely= */ 30,
            /* notAfterMicros= */ 1_700_000_000_000_000L,
            /* clientId= */ 5,
            // The number and the percentage of expired keys, as INFO has reported them.
            /* traces= */ "7 0.00");

    private Checkpoints() {}

    /** Returns a checkpoint each of whose counts is the given number. */
    static Checkpoint of(long counts, List<DatabasePosition> positions) {
        return new Checkpoint(
                NODE,
                IDENTITY,
                /* visited= */ counts,
                /* reclaimed= */ counts,
                /* exact= */ true,
                /* alone= */ true,
                UNCOUNTED,
                /* expiredKeys= */ counts,
                DELETIONS,
                SLOTS,
                /* epoch= */ 7L,
                /* fraction= */ 0,
                positions);
    }

    /** Returns the event by which a sweep reports a checkpoint. */
    static SweepEvent.Checkpointed reported(Checkpoint checkpoint) {
        return new SweepEvent.Checkpointed(checkpoint, List.of());
    }
}
