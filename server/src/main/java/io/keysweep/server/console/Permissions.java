package io.keysweep.server.console;

import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is offered to whoever looks: what they may do, and nothing else. It only hides; what is asked for anyway is
 * refused by the same checks as in the APIs.
 *
 * @param listScans sees scans and holds
 * @param scan starts scans and makes estimates
 * @param control pauses, resumes, cancels and tunes scans, and holds the project
 * @param listInstances sees which instances there are
 * @param seeInstance sees one of them
 * @param manageInstances registers and removes instances
 * @param seeAutomatic sees automatic scan configurations
 * @param changeAutomatic changes them
 * @param holdAll holds everything
 * @param seeWorkers sees the service's processes
 */
record Permissions(
        boolean listScans,
        boolean scan,
        boolean control,
        boolean listInstances,
        boolean seeInstance,
        boolean manageInstances,
        boolean seeAutomatic,
        boolean changeAutomatic,
        boolean holdAll,
        boolean seeWorkers) {

    static Permissions of(@Nullable Caller caller) {
        Predicate<Action> may = action -> caller != null && caller.may(action);
        return new Permissions(
                may.test(Action.LIST_SCANS),
                may.test(Action.ANALYZE_EXPIRED_KEY),
                may.test(Action.CONTROL_SCANS),
                may.test(Action.LIST_INSTANCES),
                may.test(Action.GET_INSTANCE),
                may.test(Action.MANAGE_INSTANCES),
                may.test(Action.GET_AUTOSCAN),
                may.test(Action.UPDATE_AUTOSCAN),
                may.test(Action.HOLD_ALL),
                may.test(Action.LIST_WORKERS));
    }
}
