package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.QuotaSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Grants;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.signature.AccessKeyGenerator;
import io.keysweep.server.iam.signature.AccessKeyPair;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates projects with their first access key, and renames and deletes projects.
 *
 * <p>The calling controllers check that the caller may manage projects. Thread-safe.
 */
@Service
class ProjectChanges {

    private static final int MAX_NAME_LENGTH = 64;

    private final ProjectStore store;
    private final AccessKeyStore keys;
    private final UserStore users;
    private final RightsResolver rights;
    private final RightsGuard guard;
    private final IdempotencyStore idempotencyKeys;
    private final TransactionTemplate transaction;
    private final QuotaSettings quotas;
    private final InstantSource clock;

    ProjectChanges(
            ProjectStore store,
            AccessKeyStore keys,
            UserStore users,
            RightsResolver rights,
            RightsGuard guard,
            IdempotencyStore idempotencyKeys,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.users = users;
        this.rights = rights;
        this.guard = guard;
        this.idempotencyKeys = idempotencyKeys;
        this.transaction = transaction;
        this.quotas = settings.quotas();
        this.clock = clock;
    }

    /**
     * Creates the first project of the service, and an access key with the given actions. Takes part in the transaction
     * of the calling code. The result contains the secret key.
     */
    ProjectCreated create(String name, Set<String> actions) {
        return Objects.requireNonNull(
                transaction.execute(status -> insert(ProjectId.random(), name, actions, /* keyExpiresAt= */ null)));
    }

    /**
     * Creates a project, and an access key with the given actions.
     *
     * <p>If an earlier request with the same idempotency key has created a project, this method returns that project
     * without the secret key.
     *
     * @param name name of the project, 1 to 64 printable characters; null is refused
     * @param id id that the project gets, or null for a new one
     * @param actions IAM names of the actions of the access key, all of which the caller must have
     * @param key identifies repetitions of the request; null if every request must create another project
     * @throws RequestRefusedException in each of these cases:
     *     <ul>
     *       <li>the name or the id is invalid or in use;
     *       <li>{@code key} was used for another request;
     *       <li>the caller lacks one of the actions;
     *       <li>the caller's own access key was withdrawn in the meantime;
     *       <li>the service has as many projects as the settings allow.
     *     </ul>
     */
    ProjectCreated create(
            Caller caller,
            @Nullable String name,
            @Nullable String id,
            Set<String> actions,
            @Nullable IdempotencyKey key) {
        String validName = requireValidName(name);
        String projectId = id == null ? ProjectId.random() : requireValidId(id);
        caller.requireAllRights(Grants.of(actions));

        Optional<ProjectCreated> earlier = findEarlier(caller, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                Caller currentCaller = guard.lockAndReload(caller);
                currentCaller.requireAllRights(Grants.of(actions));
                if (store.count() >= quotas.projects()) {
                    throw RequestRefusedException.quota(
                            "The service can have {0} projects at most, by the setting quota.projects.",
                            quotas.projects());
                }
                // The key of a new project must not outlive the key that creates it.
                ProjectCreated created = insert(projectId, validName, actions, guard.findExpiry(currentCaller));
                idempotencyKeys.remember(caller.projectId(), key, ProjectId.toUuid(created.projectId()));
                return created;
            }));
        } catch (DuplicateKeyException e) {
            // Either another request with the same idempotency key has committed first, or the name or the id is in
            // use.
            return findEarlier(caller, key)
                    .orElseThrow(() -> store.find(projectId).isPresent() ? idTaken(projectId) : nameTaken(validName));
        }
    }

    /**
     * Inserts a project with an access key, and reports both to the audit log. Both have the same creation time, which
     * {@link #firstKey} needs to find the key.
     */
    private ProjectCreated insert(String id, String name, Set<String> actions, @Nullable Instant keyExpiresAt) {
        Project project = new Project(id, name, clock.instant().truncatedTo(ChronoUnit.MILLIS), /* version= */ 1);
        store.insert(project);
        AccessKeyPair pair = AccessKeyGenerator.generate();
        PrincipalRights keyRights = new PrincipalRights(actions, List.of(), InstanceSelector.ALL);
        AccessKey key = new AccessKey(
                pair.accessKey(),
                project.id(),
                pair.secretKey(),
                /* owner= */ null,
                keyRights,
                /* disabledAt= */ null,
                keyExpiresAt,
                /* ownerDisabled= */ false);
        keys.insert(key, project.createdAt());

        AuditTrail.creation(resource(project), new AuditFields().with("name", name));
        AccessKeyAudit.created(key);
        return new ProjectCreated(
                project.id(), project.name(), pair.accessKey(), pair.secretKey().text());
    }

    /**
     * Returns the project that an earlier request with the idempotency key has created, without its secret key; empty
     * if there is none.
     */
    private Optional<ProjectCreated> findEarlier(Caller caller, @Nullable IdempotencyKey key) {
        return idempotencyKeys
                .findEarlier(caller.projectId(), key, id -> store.find(ProjectId.of(id)))
                .map(project ->
                        new ProjectCreated(project.id(), project.name(), firstKey(project), /* secretKey= */ null));
    }

    /** Returns the access key that was created with a project, or null if it was withdrawn. */
    private @Nullable String firstKey(Project project) {
        return keys.list(project.id(), clock.instant()).stream()
                .filter(key -> key.createdAt().equals(project.createdAt()))
                .map(AccessKeyView::accessKey)
                .findFirst()
                .orElse(null);
    }

    /**
     * Renames a project, which raises its version by 1. Returns the project with the new name.
     *
     * @param name new name, 1 to 64 printable characters; null is refused
     * @param expected version that the project must have; null for any version
     * @throws RequestRefusedException if the name is invalid or in use, if the project has another version, or if it
     *     was deleted in the meantime
     */
    Project rename(Project project, @Nullable String name, @Nullable Integer expected) {
        String validName = requireValidName(name);
        try {
            return Objects.requireNonNull(transaction.execute(status -> renameRow(project, validName, expected)));
        } catch (DuplicateKeyException e) {
            throw nameTaken(validName);
        }
    }

    /** Renames a project in the current transaction. The update locks the row, so this method reads its own change. */
    private Project renameRow(Project project, String name, @Nullable Integer expected) {
        boolean renamed = store.rename(project.id(), name, expected);
        Project current =
                store.find(project.id()).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT));
        if (!renamed) {
            throw EntityTag.stale(expected, current.version(), "the project");
        }
        AuditTrail.change(
                resource(current),
                new AuditFields().with("name", project.name()),
                new AuditFields().with("name", current.name()));
        return current;
    }

    /**
     * Deletes a project, its access keys and all its other data.
     *
     * <p>The caller needs all rights of the access keys and users of the project, and one key with all actions must
     * remain in the service. A caller cannot delete its own project, because it would lose its own access key.
     *
     * @throws RequestRefusedException in each of these cases:
     *     <ul>
     *       <li>the project has instances, or is the caller's own project;
     *       <li>no administrator would remain;
     *       <li>a key or a user of the project has a right that the caller lacks;
     *       <li>the project or the caller's own key was removed in the meantime.
     *     </ul>
     */
    @Transactional
    public void remove(Caller caller, Project project) {
        if (project.id().equals(caller.projectId())) {
            throw RequestRefusedException.of(ErrorCode.OWN_ACCESS_KEY, "Use a key of another project.");
        }
        Caller currentCaller = guard.lockAndReload(caller);
        keys.rights(project.id())
                .forEach(key -> currentCaller.requireAllRights(rights.grants(project.id(), key.rights())));
        users.list(project.id())
                .forEach(user -> currentCaller.requireAllRights(rights.grants(project.id(), user.rights())));
        try {
            if (!store.remove(project.id())) {
                throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
            }
            guard.requireAdministrator();
            AuditTrail.removal(resource(project), new AuditFields().with("name", project.name()));
        } catch (DataIntegrityViolationException e) {
            // A foreign key refuses the deletion of a project that still has instances.
            throw RequestRefusedException.of(ErrorCode.PROJECT_NOT_EMPTY, "Remove them first.");
        }
    }

    private static AuditResource resource(Project project) {
        return new AuditResource("project", project.id(), project.name(), project.id());
    }

    private static String requireValidName(@Nullable String name) {
        if (name == null || name.length() > MAX_NAME_LENGTH || !ForeignText.isName(name)) {
            throw RequestRefusedException.parameter(
                    "name",
                    name,
                    Phrase.of("1 to {0} characters without control and invisible characters", MAX_NAME_LENGTH));
        }
        return name;
    }

    private static String requireValidId(String id) {
        return ProjectId.parse(id).orElseThrow(() -> RequestRefusedException.parameter("id", id, ProjectId.RULE));
    }

    private static RequestRefusedException idTaken(String id) {
        return RequestRefusedException.of(
                ErrorCode.ID_TAKEN,
                "The id '" + id + "' is that of another project: give another one, or none for a random one.");
    }

    private static RequestRefusedException nameTaken(String name) {
        return RequestRefusedException.of(ErrorCode.NAME_TAKEN, Phrase.of("Another project is named '{0}'.", name));
    }
}
