package io.keysweep.server.iam.principal;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.Projects;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the stored projects that a caller can see or manage. Thread-safe. */
@Component
final class StoredProjects implements Projects {

    private final ProjectStore store;

    StoredProjects(ProjectStore store) {
        this.store = store;
    }

    @Override
    public boolean exists(String id) {
        return store.find(id).isPresent();
    }

    /** Returns the projects that a caller can see: all if the caller may manage projects, else the caller's own. */
    List<Project> list(Caller caller) {
        return caller.may(Action.MANAGE_PROJECTS)
                ? store.list()
                : store.find(caller.projectId()).stream().toList();
    }

    /**
     * Returns a project that a caller can see: its own, or any if the caller may manage projects.
     *
     * @param id id of the project, with or without dashes
     * @throws RequestRefusedException if no such project exists, or if the caller cannot see it, so that the caller
     *     does not learn that it exists
     */
    Project find(Caller caller, String id) {
        String projectId = ProjectId.canonical(id);
        if (!projectId.equals(caller.projectId()) && !caller.may(Action.MANAGE_PROJECTS)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
        return store.find(projectId).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT));
    }

    /**
     * Returns a project whose access keys, policies and users a caller may manage. For its own project, the caller
     * needs {@link Action#MANAGE_ACCESS_KEYS}. For any project, it needs {@link Action#MANAGE_PROJECTS}.
     *
     * @param id id of the project, with or without dashes
     * @throws RequestRefusedException if the caller is not allowed to manage them, or if it cannot see such a project
     */
    Project requireManageable(Caller caller, String id) {
        if (!caller.may(Action.MANAGE_PROJECTS)) {
            caller.requireAction(Action.MANAGE_ACCESS_KEYS);
        }
        return find(caller, id);
    }

    @Override
    public Optional<Project> findOwn(Caller caller, @Nullable String name) {
        Optional<Project> ownProject = store.find(caller.projectId());
        if (name == null || ownProject.map(Project::name).filter(name::equals).isPresent()) {
            return ownProject;
        }
        // No project has a name that is not printable, and PostgreSQL refuses a null character.
        boolean isAnother = caller.may(Action.MANAGE_PROJECTS)
                && ForeignText.isPrintable(name)
                && store.findByName(name).isPresent();
        return isAnother ? Optional.empty() : ownProject;
    }
}
