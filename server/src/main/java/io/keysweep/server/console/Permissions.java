package io.keysweep.server.console;

import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which links and forms of the console a caller sees.
 *
 * <p>These permissions protect nothing: the services check every request, as they do for the APIs.
 *
 * @param listScans whether the caller may see scans and holds
 * @param scan whether the caller may start scans and make estimates
 * @param control whether the caller may pause, resume, cancel and tune scans, and hold the project
 * @param listInstances whether the caller may list the instances
 * @param seeInstance whether the caller may see the page of an instance
 * @param manageInstances whether the caller may register, change and remove instances
 * @param seeAutomatic whether the caller may see automatic scan configurations
 * @param changeAutomatic whether the caller may change automatic scan configurations
 * @param holdAll whether the caller may set and release the global hold
 * @param manageCeilings whether the caller may change the ceilings of the project and its instances
 * @param approve whether the caller may approve scans that others request
 * @param seeWorkers whether the caller may see the processes of the service
 * @param manageBudgets whether the caller may change budgets
 * @param manageWebhooks whether the caller may see and change webhooks and their deliveries
 * @param seeAudit whether the caller may read the audit log
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
        boolean manageCeilings,
        boolean approve,
        boolean seeWorkers,
        boolean manageBudgets,
        boolean manageWebhooks,
        boolean seeAudit) {

    /** Returns the permissions of a caller. Without a caller (null), as on the sign-in page, everything is hidden. */
    static Permissions of(@Nullable Caller caller) {
        Predicate<Action> allowed = action -> caller != null && caller.may(action);
        return new Permissions(
                allowed.test(Action.LIST_SCANS),
                allowed.test(Action.ANALYZE_EXPIRED_KEY),
                allowed.test(Action.CONTROL_SCANS),
                allowed.test(Action.LIST_INSTANCES),
                allowed.test(Action.GET_INSTANCE),
                allowed.test(Action.MANAGE_INSTANCES),
                allowed.test(Action.GET_AUTOSCAN),
                allowed.test(Action.UPDATE_AUTOSCAN),
                allowed.test(Action.HOLD_ALL),
                allowed.test(Action.MANAGE_CEILINGS),
                allowed.test(Action.APPROVE_SCANS),
                allowed.test(Action.LIST_WORKERS),
                allowed.test(Action.MANAGE_BUDGETS),
                allowed.test(Action.MANAGE_WEBHOOKS),
                allowed.test(Action.READ_AUDIT));
    }
}
