package io.keysweep.server.console.page;

import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which links and forms of the console a caller sees.
 *
 * <p>These permissions protect nothing: the services check every request, as they do for the APIs.
 *
 * @param listScans whether the caller may see scans and holds
 * @param scan whether the caller may start scans and make estimates
 * @param control whether the caller may pause, resume, cancel and tune scans, and set the project hold
 * @param listInstances whether the caller may list the instances
 * @param seeInstance whether the caller may see the page of an instance
 * @param seeProject whether the caller may see the policies and ceilings of the project
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
 * @param manageAccess whether the caller may see and change access keys, users and access policies
 * @param manageProjects whether the caller may create, rename and delete projects
 */
public record Permissions(
        boolean listScans,
        boolean scan,
        boolean control,
        boolean listInstances,
        boolean seeInstance,
        boolean seeProject,
        boolean manageInstances,
        boolean seeAutomatic,
        boolean changeAutomatic,
        boolean holdAll,
        boolean manageCeilings,
        boolean approve,
        boolean seeWorkers,
        boolean manageBudgets,
        boolean manageWebhooks,
        boolean seeAudit,
        boolean manageAccess,
        boolean manageProjects) {

    /** Returns the permissions of a caller. Without a caller (null), as on the sign-in page, everything is hidden. */
    public static Permissions of(@Nullable Caller caller) {
        Predicate<Action> everywhere = action -> caller != null && caller.may(action);
        return of(everywhere, everywhere, action -> caller != null && caller.maySomewhere(action));
    }

    /** Returns the permissions of a caller on an instance, for the pages of the instance and its scans. */
    public static Permissions on(Caller caller, Instance instance) {
        Predicate<Action> onInstance =
                action -> caller.may(action, instance.id(), instance.tags().values());
        return of(caller::may, onInstance, onInstance);
    }

    /**
     * Returns permissions.
     *
     * @param everywhere decides about the pages of the project and the service
     * @param onPage decides about what the page as a whole shows: the project, or one instance and its scans
     * @param inLists decides about lists, which leave out the instances that the caller is not allowed to see
     */
    private static Permissions of(Predicate<Action> everywhere, Predicate<Action> onPage, Predicate<Action> inLists) {
        return new Permissions(
                inLists.test(Action.LIST_SCANS),
                onPage.test(Action.ANALYZE_EXPIRED_KEY),
                onPage.test(Action.CONTROL_SCANS),
                inLists.test(Action.LIST_INSTANCES),
                inLists.test(Action.GET_INSTANCE),
                everywhere.test(Action.GET_INSTANCE),
                onPage.test(Action.MANAGE_INSTANCES),
                onPage.test(Action.GET_AUTOSCAN),
                onPage.test(Action.UPDATE_AUTOSCAN),
                everywhere.test(Action.HOLD_ALL),
                onPage.test(Action.MANAGE_CEILINGS),
                onPage.test(Action.APPROVE_SCANS),
                everywhere.test(Action.LIST_WORKERS),
                everywhere.test(Action.MANAGE_BUDGETS),
                everywhere.test(Action.MANAGE_WEBHOOKS),
                everywhere.test(Action.READ_AUDIT),
                everywhere.test(Action.MANAGE_ACCESS_KEYS) || everywhere.test(Action.MANAGE_PROJECTS),
                everywhere.test(Action.MANAGE_PROJECTS));
    }
}
