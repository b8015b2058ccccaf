package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.KeyNames;

/**
 * Decides whether key names may leave the server, a rule that can change during a run of a sweep.
 *
 * <p>The reclaim method depends on the rule: without a script, some methods send key names to this process. Used by the
 * sweep's thread only.
 *
 * @param request says what its sender allows at a pace
 * @param control can demand at any time that names stay
 * @param paceController knows the present pace
 * @param restraint knows whether names have broken the connection
 */
record KeyNamesRule(
        SweepRequest request, SweepControl control, PaceController paceController, StepRestraint restraint) {

    /** Returns the rule that applies now. */
    KeyNames current() {
        return control.namesStay()
                ? KeyNames.STAY
                : request.keyNames(paceController.policy(), restraint.namesAvoided());
    }
}
