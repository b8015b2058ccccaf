package io.keysweep.server.control;

import io.keysweep.api.HoldView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Projects;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Puts and releases the hold of a project and the one of everything, as far as the caller may. A project's own needs the
 * right to control its scans, any other the right to hold everything. Safe to share.
 */
@Service
public class Holds {

    private static final Logger LOG = LoggerFactory.getLogger(Holds.class);

    private final HoldStore store;
    private final RunningSweeps running;
    private final Projects projects;

    Holds(HoldStore store, RunningSweeps running, Projects projects) {
        this.store = store;
        this.running = running;
        this.projects = projects;
    }

    /** Holds everything, or changes by whom and why it is held. */
    public HoldView putAll(Caller caller, Intervention intervention) {
        caller.require(Action.HOLD_ALL);
        return put(HoldStore.EVERYTHING, intervention);
    }

    /** Releases the hold of everything; nothing happens if there is none. */
    public void releaseAll(Caller caller) {
        caller.require(Action.HOLD_ALL);
        release(caller, HoldStore.EVERYTHING);
    }

    /** Holds a project, or changes by whom and why it is held. */
    public HoldView put(Caller caller, String projectId, Intervention intervention) {
        require(caller, projectId);
        return put(projectId, intervention);
    }

    /** Releases the hold of a project; nothing happens if there is none. */
    public void releaseProject(Caller caller, String projectId) {
        require(caller, projectId);
        release(caller, projectId);
    }

    /** The hold of everything and that of the caller's project; of all projects for who may hold everything. */
    public List<HoldView> list(Caller caller) {
        caller.require(Action.LIST_SCANS);
        return store.list(caller.may(Action.HOLD_ALL) ? null : caller.projectId()).stream()
                .map(Holds::view)
                .toList();
    }

    /** Whether the caller may, before anything else of the request is looked at. */
    void require(Caller caller, String projectId) {
        caller.require(projectId.equals(caller.projectId()) ? Action.CONTROL_SCANS : Action.HOLD_ALL);
        if (!projects.exists(projectId)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
    }

    private HoldView put(String scope, Intervention intervention) {
        HoldStore.Hold hold = new HoldStore.Hold(scope, intervention);
        store.put(hold);
        LOG.info("Held {} {}", scope, intervention);
        running.look();
        return view(hold);
    }

    private void release(Caller caller, String scope) {
        store.remove(scope);
        LOG.info("Released {} by {}", scope, caller.accessKey());
        running.wakeProject(scope.equals(HoldStore.EVERYTHING) ? null : scope);
    }

    private static HoldView view(HoldStore.Hold hold) {
        boolean all = hold.scope().equals(HoldStore.EVERYTHING);
        return new HoldView(
                (all ? Scope.ALL : Scope.PROJECT).wireName(),
                all ? null : hold.scope(),
                hold.intervention().by(),
                hold.intervention().why(),
                hold.intervention().at());
    }
}
