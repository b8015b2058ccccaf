package io.keysweep.server.iam;

import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes projects, each with its first access key, shows, renames and removes them. */
@Service
class Projects {

    private static final int LONGEST_NAME = 64;

    private final IamStore store;
    private final IdempotencyStore keys;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Projects(IamStore store, IdempotencyStore keys, TransactionTemplate transaction, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Makes the first project, and a key that may do the given actions in it. */
    ProjectCreated create(String name, Set<String> actions) {
        return Objects.requireNonNull(transaction.execute(status -> insert(name, actions)));
    }

    /**
     * Makes a project and a key that may do the given actions in it, or finds the one that the same request has made, and
     * then shows its secret to nobody.
     *
     * @param key null for a request that makes one each time it comes
     * @throws RequestRefusedException for a bad name, or one that is taken, or if the key was used for another request
     */
    ProjectCreated create(Caller caller, @Nullable String name, Set<String> actions, @Nullable IdempotencyKey key) {
        String checked = checked(name);
        Optional<ProjectCreated> earlier = earlier(caller, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                ProjectCreated created = insert(checked, actions);
                keys.keep(caller.projectId(), key, uuid(created.projectId()));
                return created;
            }));
        } catch (DuplicateKeyException e) {
            // Unless the same request has come in twice at once, and the other was quicker.
            return earlier(caller, key).orElseThrow(() -> taken(checked));
        }
    }

    private ProjectCreated insert(String name, Set<String> actions) {
        Project project = new Project(
                undashed(UUID.randomUUID()), name, clock.instant().truncatedTo(ChronoUnit.MILLIS), /* version= */ 1);
        store.insert(project);
        AccessKeyPair pair = AccessKeys.generate();
        store.insert(new AccessKey(pair.accessKey(), project.id(), pair.secretKey(), actions), project.createdAt());
        return new ProjectCreated(
                project.id(), project.name(), pair.accessKey(), pair.secretKey().text());
    }

    private Optional<ProjectCreated> earlier(Caller caller, @Nullable IdempotencyKey key) {
        return keys.earlier(caller.projectId(), key, id -> store.project(undashed(id)))
                .map(project -> new ProjectCreated(project.id(), project.name(), firstKey(project), null));
    }

    /** The key that was made with a project, unless it was withdrawn. */
    private @Nullable String firstKey(Project project) {
        return store.accessKeys(project.id()).stream()
                .filter(made -> made.createdAt().equals(project.createdAt()))
                .map(AccessKeyView::accessKey)
                .findFirst()
                .orElse(null);
    }

    private static String undashed(UUID id) {
        return id.toString().replace("-", "");
    }

    private static UUID uuid(String projectId) {
        return UUID.fromString(projectId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
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
     * @param expected the version that the caller has seen, or null for any
     * @throws RequestRefusedException for a bad name, or one that is taken, or if it has another version by now
     */
    Project rename(Project project, @Nullable String name, @Nullable Integer expected) {
        String checked = checked(name);
        boolean renamed;
        try {
            renamed = store.rename(project.id(), checked, expected);
        } catch (DuplicateKeyException e) {
            throw taken(checked);
        }
        Project now =
                store.project(project.id()).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT));
        if (!renamed) {
            throw EntityTag.stale(expected, now.version(), "the project");
        }
        return now;
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
