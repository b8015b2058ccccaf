package io.keysweep.server.control;

import io.keysweep.api.HoldView;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.Projects;
import io.keysweep.server.timeline.HoldEvents;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sets, releases and lists project holds and the global hold, after a check of the caller's permissions.
 *
 * <p>A project hold holds all scans of a project, and the global hold holds all scans. Both last until a user
 * releases them. The scope of a hold is the project id, or {@code *} for all projects. For the hold of its own project,
 * a caller needs the permission to control scans. For any other hold it needs the permission to manage all holds.
 *
 * <p>A change is stored in one transaction with its events in the timelines of the affected scans. The sweeps (parts of
 * scans) in this process stop or continue immediately, and the sweeps in other processes about 100 ms later.
 * Thread-safe.
 */
@Service
public class Holds {

    private static final Logger LOG = LoggerFactory.getLogger(Holds.class);

    private final HoldStore store;
    private final HoldEvents events;
    private final RunningSweeps running;
    private final Projects projects;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Holds(
            HoldStore store,
            HoldEvents events,
            RunningSweeps running,
            Projects projects,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.running = running;
        this.projects = projects;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Sets the global hold. If there is one already, replaces its intervention.
     *
     * @param intervention who sets the hold, why and when
     * @throws RequestRefusedException if the caller is not allowed to manage all holds
     */
    public HoldView putAll(Caller caller, Intervention intervention) {
        caller.requireAction(Action.HOLD_ALL);
        return put(HoldStore.EVERYTHING, intervention);
    }

    /**
     * Releases the global hold; does nothing if there is none.
     *
     * @throws RequestRefusedException if the caller is not allowed to manage all holds
     */
    public void releaseAll(Caller caller) {
        caller.requireAction(Action.HOLD_ALL);
        release(caller, HoldStore.EVERYTHING);
    }

    /**
     * Sets the hold of a project. If the project has one already, replaces its intervention.
     *
     * @param id project id, with or without dashes
     * @param intervention who sets the hold, why and when
     * @throws RequestRefusedException if the caller is not allowed to manage the hold of the project, or if there is no
     *     such project
     */
    public HoldView put(Caller caller, String id, Intervention intervention) {
        return put(requireProject(caller, id), intervention);
    }

    /**
     * Releases the hold of a project; does nothing if there is none.
     *
     * @param id project id, with or without dashes
     * @throws RequestRefusedException if the caller is not allowed to manage the hold of the project, or if there is no
     *     such project
     */
    public void releaseProject(Caller caller, String id) {
        release(caller, requireProject(caller, id));
    }

    /**
     * Returns the global hold and the hold of the caller's project, if they exist. A caller that may manage all holds
     * gets the holds of all projects. The global hold is first.
     *
     * @throws RequestRefusedException if the caller is not allowed to list scans
     */
    public List<HoldView> list(Caller caller) {
        caller.requireActionSomewhere(Action.LIST_SCANS);
        return store.list(caller.may(Action.HOLD_ALL) ? null : caller.projectId()).stream()
                .map(Holds::view)
                .toList();
    }

    /**
     * Checks that the caller may set and release the hold of a project, and that the project exists.
     *
     * @param id project id, with or without dashes
     * @return the project id without dashes, as the database stores it
     * @throws RequestRefusedException if the caller is not allowed to manage the hold of the project, or if there is no
     *     such project
     */
    String requireProject(Caller caller, String id) {
        String projectId = ProjectId.canonical(id);
        boolean isOwnProject = projectId.equals(caller.projectId());
        caller.requireAction(isOwnProject ? Action.CONTROL_SCANS : Action.HOLD_ALL);
        if (!projects.exists(projectId)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
        return projectId;
    }

    /** Sets the hold of a scope, and makes the sweeps of this process stop. */
    private HoldView put(String scope, Intervention intervention) {
        HoldStore.StoredHold hold = new HoldStore.StoredHold(scope, intervention);
        try {
            storeAndRecord(hold);
        } catch (DuplicateKeyException e) {
            // Another request has added the hold at the same moment. A second transaction finds that hold and replaces
            // it.
            storeAndRecord(hold);
        }
        LOG.info("Scans of {} held {}", label(scope), intervention);
        // The poll follows the commit, so that it sees the hold.
        running.poll();
        return view(hold);
    }

    /** Stores a hold, with its event in the timelines and its entry in the audit log, in one transaction. */
    private void storeAndRecord(HoldStore.StoredHold hold) {
        Intervention intervention = hold.intervention();
        transaction.executeWithoutResult(status -> {
            store.lock(hold.scope());
            store.put(hold);
            AuditTrail.creation(auditResource(hold.scope()), heldField());
            events.addHold(
                    scopeType(hold.scope()).wireName(),
                    projectId(hold.scope()),
                    intervention.by(),
                    intervention.why(),
                    intervention.at());
        });
    }

    /** Releases the hold of a scope, records the release, and wakes the scans of the scope. */
    private void release(Caller caller, String scope) {
        boolean hasReleased = Boolean.TRUE.equals(transaction.execute(status -> {
            boolean wasRemoved = store.remove(scope);
            if (wasRemoved) {
                AuditTrail.removal(auditResource(scope), heldField());
                events.addRelease(
                        scopeType(scope).wireName(),
                        projectId(scope),
                        caller.accessKey(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
            }
            return wasRemoved;
        }));
        if (hasReleased) {
            LOG.info("Scans of {} released by {}", label(scope), caller.accessKey());
        }
        // The executions are woken after the commit, so that they no longer see the hold.
        running.wakeProject(projectId(scope));
    }

    /** Returns the only field of a hold in the audit log. */
    private static AuditFields heldField() {
        return new AuditFields().with("held", true);
    }

    private static AuditResource auditResource(String scope) {
        return new AuditResource("hold", scope, /* name= */ null, projectId(scope));
    }

    /** Returns the scope as log lines name it: {@code all projects}, or the project with its id. */
    private static String label(String scope) {
        return scope.equals(HoldStore.EVERYTHING) ? "all projects" : "project " + scope;
    }

    private static Scope scopeType(String scope) {
        return scope.equals(HoldStore.EVERYTHING) ? Scope.ALL : Scope.PROJECT;
    }

    /** Returns the project of a scope, or null for all projects. */
    private static @Nullable String projectId(String scope) {
        return scope.equals(HoldStore.EVERYTHING) ? null : scope;
    }

    private static HoldView view(HoldStore.StoredHold hold) {
        return new HoldView(
                scopeType(hold.scope()).wireName(),
                projectId(hold.scope()),
                hold.intervention().by(),
                hold.intervention().why(),
                hold.intervention().at());
    }
}
