package io.keysweep.server.iam;

import io.keysweep.api.ProjectCreated;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes projects, each with its first access key, shows, renames and removes them. */
@Service
class Projects {

    private static final int LONGEST_NAME = 64;

    private final IamStore store;
    private final InstantSource clock;

    Projects(IamStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Makes a project and a key that may do the given actions in it.
     *
     * @throws RequestRefusedException for a bad name, or one that is taken
     */
    @Transactional
    public ProjectCreated create(@Nullable String name, Set<String> actions) {
        Project project = new Project(
                UUID.randomUUID().toString().replace("-", ""),
                checked(name),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        try {
            store.insert(project);
        } catch (DuplicateKeyException e) {
            throw taken(project.name());
        }
        AccessKeyPair pair = AccessKeys.generate();
        store.insert(new AccessKey(pair.accessKey(), project.id(), pair.secretKey(), actions));
        return new ProjectCreated(
                project.id(), project.name(), pair.accessKey(), pair.secretKey().text());
    }

    /** The projects that a caller sees: all of them for who may manage projects, else their own. */
    List<Project> list(Caller caller) {
        return caller.may(Action.MANAGE_PROJECTS)
                ? store.projects()
                : store.project(caller.projectId()).stream().toList();
    }

    /**
     * A project that a caller sees.
     *
     * @throws RequestRefusedException if there is none
     */
    Project find(Caller caller, String id) {
        if (!id.equals(caller.projectId()) && !caller.may(Action.MANAGE_PROJECTS)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
        return store.project(id).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT));
    }

    /**
     * Renames a project.
     *
     * @throws RequestRefusedException for a bad name, or one that is taken
     */
    void rename(Project project, @Nullable String name) {
        try {
            store.rename(project.id(), checked(name));
        } catch (DuplicateKeyException e) {
            throw taken(String.valueOf(name));
        }
    }

    /**
     * Removes a project that has no instances, with its access keys.
     *
     * @throws RequestRefusedException if it has instances, or is the caller's own, who would lock themselves out
     */
    @Transactional
    public void remove(Caller caller, Project project) {
        if (project.id().equals(caller.projectId())) {
            throw RequestRefusedException.of(ErrorCode.OWN_ACCESS_KEY, "Use a key of another project.");
        }
        try {
            store.removeProject(project.id());
        } catch (DataIntegrityViolationException e) {
            throw RequestRefusedException.of(ErrorCode.PROJECT_NOT_EMPTY, "Remove them first.");
        }
    }

    private static String checked(@Nullable String name) {
        if (name == null || name.isBlank() || name.length() > LONGEST_NAME) {
            throw RequestRefusedException.parameter("name", name, "1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static RequestRefusedException taken(String name) {
        return RequestRefusedException.of(ErrorCode.NAME_TAKEN, "name is '" + name + "'.");
    }
}
