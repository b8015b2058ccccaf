package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.SweepPlan;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Starts a pass (one visit of all databases of a primary), at the positions of a checkpoint or from the beginning.
 *
 * <p>A pass needs three things: a plan of the databases and segments, a watch over the cluster slots from its start on,
 * and the fraction that is done. Used by the sweep's thread only.
 *
 * @param continuity checks whether the positions of a checkpoint are still valid
 * @param slotWatch watches which slots the server serves during the pass
 * @param progressMeter measures the progress of the pass
 * @param seeds supplies the seed for the random segment order of a new plan
 */
record PassStarter(
        ContinuityCheck continuity, SlotWatch slotWatch, ProgressMeter progressMeter, RandomGenerator seeds) {

    /**
     * Starts the first pass of a run, and returns its plan. The plan continues from the checkpoint if the positions of
     * the checkpoint are still valid on this server. Otherwise it starts from the beginning.
     *
     * @param resumeFrom the last checkpoint of the earlier run; null for a new sweep
     */
    SweepPlan start(Session session, @Nullable Checkpoint resumeFrom) {
        ServerInspection inspection = session.inspection();
        if (resumeFrom == null || !continuity.positionsStillValid(resumeFrom.replicationIdentity(), inspection)) {
            return startFresh(session);
        }
        slotWatch.startPass(resumeFrom);
        SweepPlan plan =
                SweepPlan.resume(resumeFrom.databases(), inspection.summary().keys());
        progressMeter.startPlan(plan.fraction());
        return plan;
    }

    /** Starts the pass again from the beginning, with a new plan. No step may be in flight. */
    void restart(SweepState state) {
        state.replacePlan(startFresh(state.session()));
    }

    private SweepPlan startFresh(Session session) {
        ServerInspection inspection = session.inspection();
        SweepPlan plan = SweepPlan.fresh(inspection.summary().keys(), inspection.lowBits(), session.isFar(), seeds);
        slotWatch.startPass(/* resumeFrom= */ null);
        progressMeter.startPlan(plan.fraction());
        return plan;
    }
}
