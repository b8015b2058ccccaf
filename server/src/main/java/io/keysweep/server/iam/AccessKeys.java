package io.keysweep.server.iam;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lists, creates and withdraws the access keys of projects.
 *
 * <p>An access key, an id with a secret, identifies a caller and acts for one project. Its actions say what the caller
 * may do. A caller can create or withdraw a key only if the caller has all actions of that key. A caller cannot
 * withdraw its own key. Therefore at least one key with all actions always remains, so the service can always be
 * administered.
 *
 * <p>The calling controller checks that the caller may manage the keys of the project. Safe for use by several threads.
 */
@Service
class AccessKeys {

    private final IamStore store;
    private final IdempotencyStore idempotencyKeys;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    AccessKeys(IamStore store, IdempotencyStore idempotencyKeys, TransactionTemplate transaction, InstantSource clock) {
        this.store = store;
        this.idempotencyKeys = idempotencyKeys;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Returns the access keys of a project without their secrets, the oldest first. */
    List<AccessKeyView> list(Project project) {
        return store.accessKeys(project.id());
    }

    /**
     * Creates an access key, or finds the key that an earlier request with the same idempotency key created.
     *
     * <p>Only the response to the first request contains the secret.
     *
     * @param caller who requests the key
     * @param project project that the key acts for
     * @param actions IAM names of the actions that the key permits; null or an empty list is refused
     * @param idempotency identifies repetitions of the request; null if every request must create another key
     * @return the key; its secret is null if an earlier request created it
     * @throws RequestRefusedException if an action is missing, unknown or not permitted to the caller, if the
     *     idempotency key was used for another request, or if the caller's own key was withdrawn meanwhile
     */
    AccessKeyView create(
            Caller caller, Project project, @Nullable List<String> actions, @Nullable IdempotencyKey idempotency) {
        List<String> names = Action.requireNames(actions);
        caller.requireAll(names);
        Optional<AccessKeyView> earlier = findEarlier(caller, project, idempotency);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        AccessKeyPair pair = AccessKeyGenerator.generate();
        try {
            transaction.executeWithoutResult(status -> {
                requirePresent(caller);
                store.insert(
                        new AccessKey(pair.accessKey(), project.id(), pair.secretKey(), Set.copyOf(names)),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
                idempotencyKeys.remember(caller.projectId(), idempotency, idempotencyId(pair.accessKey()));
                auditCreation(pair.accessKey(), project.id(), names);
            });
        } catch (DuplicateKeyException e) {
            // Another request with the same idempotency key has committed first.
            return findEarlier(caller, project, idempotency).orElseThrow(() -> e);
        }
        AccessKeyView created = find(project, pair.accessKey());
        return new AccessKeyView(
                created.accessKey(),
                created.projectId(),
                created.actions(),
                created.createdAt(),
                pair.secretKey().text());
    }

    /** Returns the key that an earlier request created, without its secret; empty if there is none. */
    private Optional<AccessKeyView> findEarlier(Caller caller, Project project, @Nullable IdempotencyKey idempotency) {
        return idempotencyKeys.findEarlier(
                caller.projectId(),
                idempotency,
                id -> store.accessKeys(project.id()).stream()
                        .filter(key -> idempotencyId(key.accessKey()).equals(id))
                        .findFirst());
    }

    /** Maps an access key id to a UUID, because the idempotency store only holds UUIDs. */
    private static UUID idempotencyId(String accessKey) {
        return UUID.nameUUIDFromBytes(("access-key:" + accessKey).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Withdraws an access key: once the transaction commits, its signatures and tokens are refused.
     *
     * @throws RequestRefusedException if the project has no such key, if the key is the caller's own, if the key has an
     *     action that the caller does not have, or if the caller's own key was withdrawn meanwhile
     */
    @Transactional
    public void withdraw(Caller caller, Project project, String accessKey) {
        if (accessKey.equals(caller.accessKey())) {
            throw RequestRefusedException.of(ErrorCode.OWN_ACCESS_KEY, "Use another key.");
        }
        requirePresent(caller);
        AccessKeyView key = find(project, accessKey);
        caller.requireAll(key.actions());
        if (!store.removeAccessKey(accessKey)) {
            // Another request has withdrawn it meanwhile.
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_KEY);
        }
        AuditTrail.removal(audited(accessKey, project.id()), actions(key.actions()));
    }

    /** Reports to the audit log that a key was created. */
    static void auditCreation(String accessKey, String projectId, Collection<String> actions) {
        AuditTrail.creation(audited(accessKey, projectId), actions(actions).withSecret("secretKey", accessKey));
    }

    private static AuditFields actions(Collection<String> actions) {
        return new AuditFields().with("actions", actions.stream().sorted().toList());
    }

    private static AuditResource audited(String accessKey, String projectId) {
        return new AuditResource("access-key", accessKey, /* name= */ null, projectId);
    }

    /** Returns a key of a project; refuses the request if the project has no such key. */
    private AccessKeyView find(Project project, String accessKey) {
        return store.accessKeys(project.id()).stream()
                .filter(key -> key.accessKey().equals(accessKey))
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_KEY));
    }

    /**
     * Requires that the caller's key still exists, and makes all other changes of keys wait until the transaction ends.
     * Must be called in a transaction.
     *
     * <p>If two keys withdraw each other at the same time, the second request waits and is then refused. A key that is
     * being withdrawn cannot create another key either.
     *
     * @throws RequestRefusedException if the caller's key was withdrawn
     */
    void requirePresent(Caller caller) {
        store.lockAdministrators();
        if (!store.exists(caller.accessKey())) {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN);
        }
    }
}
