package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.config.QuotaSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.signature.AccessKeyGenerator;
import io.keysweep.server.iam.signature.AccessKeyPair;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lists, creates, changes, rotates and withdraws the access keys of projects.
 *
 * <p>An access key is an id with a secret; it identifies a caller and acts for one project. The rules:
 *
 * <ul>
 *   <li>A caller can create, change or withdraw a key only if the caller may do all that the key allows, before and
 *       after a change.
 *   <li>A caller can rotate the key that it calls with, but not change or withdraw it.
 *   <li>A user can own keys, and give them any right: at each request, a key allows no more than its owner may do.
 *   <li>One key without an owner always remains that has all actions and never expires, so that the service can still
 *       be administered.
 * </ul>
 *
 * <p>The calling controller checks that the caller may manage the keys of the project. Thread-safe.
 */
@Service
class AccessKeys {

    private final AccessKeyStore store;
    private final AccessKeyGuard keyGuard;
    private final RightsGuard guard;
    private final IdempotencyStore idempotencyKeys;
    private final TransactionTemplate transaction;
    private final QuotaSettings quotas;
    private final InstantSource clock;

    AccessKeys(
            AccessKeyStore store,
            AccessKeyGuard keyGuard,
            RightsGuard guard,
            IdempotencyStore idempotencyKeys,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.keyGuard = keyGuard;
        this.guard = guard;
        this.idempotencyKeys = idempotencyKeys;
        this.transaction = transaction;
        this.quotas = settings.quotas();
        this.clock = clock;
    }

    /** Returns access keys without their secrets, the oldest first. */
    List<AccessKeyView> list(KeyScope scope) {
        return store.list(scope.project().id(), clock.instant()).stream()
                .filter(scope::coversOwner)
                .toList();
    }

    /** Returns a key; refuses the request if there is no such key. */
    AccessKeyView find(KeyScope scope, String accessKey) {
        return list(scope).stream()
                .filter(key -> key.accessKey().equals(accessKey))
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_KEY));
    }

    /**
     * Creates an access key, or finds the key that an earlier request with the same idempotency key created.
     *
     * <p>Only the response to the first request contains the secret.
     *
     * @param caller who requests the key
     * @param project project that the key acts for
     * @param owner name of the user who owns the key; null for none
     * @param rights what the key may do
     * @param expiresAt when the key expires, or null for never
     * @param idempotency identifies repetitions of the request; null if every request must create another key
     * @return the key; its secret is null if an earlier request created it
     * @throws RequestRefusedException in each of these cases:
     *     <ul>
     *       <li>the owner or a policy is unknown;
     *       <li>the caller is not allowed to do all that the key allows;
     *       <li>the caller's own key expires before the new one, or was withdrawn in the meantime;
     *       <li>the project or the owner has too many keys;
     *       <li>the idempotency key was used for another request.
     *     </ul>
     */
    AccessKeyView create(
            Caller caller,
            Project project,
            @Nullable String owner,
            PrincipalRights rights,
            @Nullable Instant expiresAt,
            @Nullable IdempotencyKey idempotency) {
        keyGuard.requireGrantable(caller, project, owner, rights, expiresAt);
        Optional<AccessKeyView> earlier = findEarlier(caller, project, idempotency);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                AccessKeyView created = insert(guard.lockAndReload(caller), project, owner, rights, expiresAt);
                idempotencyKeys.remember(caller.projectId(), idempotency, idempotencyId(created.accessKey()));
                return created;
            }));
        } catch (DuplicateKeyException e) {
            // Another request with the same idempotency key has committed first.
            return findEarlier(caller, project, idempotency).orElseThrow(() -> e);
        }
    }

    /** Inserts a key in the current transaction, and returns it with its secret. */
    private AccessKeyView insert(
            Caller caller,
            Project project,
            @Nullable String owner,
            PrincipalRights rights,
            @Nullable Instant expiresAt) {
        // This check is repeated under the lock: the caller's rights or a policy can have changed since the first
        // check.
        keyGuard.requireGrantable(caller, project, owner, rights, expiresAt);
        requireWithinQuota(project, owner);

        AccessKeyPair pair = AccessKeyGenerator.generate();
        AccessKey key = new AccessKey(
                pair.accessKey(),
                project.id(),
                pair.secretKey(),
                owner,
                rights,
                /* disabledAt= */ null,
                expiresAt,
                /* ownerDisabled= */ false);
        store.insert(key, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        AccessKeyAudit.created(key);
        return find(new KeyScope(project, owner), pair.accessKey())
                .withSecret(pair.secretKey().text());
    }

    /**
     * Refuses a further key if the project or the owner has as many keys as the settings allow. Owners have a separate
     * limit, because every user can create keys, even without the action to manage keys.
     */
    private void requireWithinQuota(Project project, @Nullable String owner) {
        if (store.count(project.id()) >= quotas.accessKeysPerProject()) {
            throw RequestRefusedException.quota(
                    "A project can have {0} access keys at most, by the setting quota.access-keys-per-project.",
                    quotas.accessKeysPerProject());
        }
        if (owner != null && store.countOwnedBy(owner) >= quotas.accessKeysPerUser()) {
            throw RequestRefusedException.quota(
                    "A user can own {0} access keys at most, by the setting quota.access-keys-per-user.",
                    quotas.accessKeysPerUser());
        }
    }

    /** Returns the key that an earlier request created, without its secret; empty if there is none. */
    private Optional<AccessKeyView> findEarlier(Caller caller, Project project, @Nullable IdempotencyKey idempotency) {
        return idempotencyKeys.findEarlier(
                caller.projectId(),
                idempotency,
                id -> store.list(project.id(), clock.instant()).stream()
                        .filter(key -> idempotencyId(key.accessKey()).equals(id))
                        .findFirst());
    }

    /** Maps an access key id to a UUID, because the idempotency store only holds UUIDs. */
    private static UUID idempotencyId(String accessKey) {
        return UUID.nameUUIDFromBytes(("access-key:" + accessKey).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Changes the policies, the narrowing (the only instances that they apply to) or the expiry of an access key, or
     * disables or enables the key. Running requests continue; later requests have the new rights.
     *
     * @throws RequestRefusedException in each of these cases: the project has no such key; the key is the caller's own;
     *     no administrator would remain; the caller is not allowed to do all that the key allows before and after the
     *     change
     */
    @Transactional
    public AccessKeyView change(Caller caller, KeyScope scope, String accessKey, AccessKeyChange change) {
        requireNotOwnKey(caller, accessKey);
        Caller currentCaller = guard.lockAndReload(caller);
        AccessKey before = require(scope, accessKey);
        keyGuard.requireChangeable(currentCaller, scope.project(), before);
        AccessKey after = change.applyTo(before, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (!change.onlyDisables()) {
            keyGuard.requireGrantable(currentCaller, scope.project(), after.owner(), after.rights(), after.expiresAt());
        }
        store.update(after);
        guard.requireAdministrator();
        AccessKeyAudit.changed(before, after);
        return find(scope, accessKey);
    }

    /**
     * Replaces an access key: creates a new key with the same rights and expiry, and sets an earlier expiry for the
     * old key. A caller can rotate its own key.
     *
     * @param overlap how long both keys can be used from now on
     * @return the new key with its secret
     * @throws RequestRefusedException if the project has no such key, if the key can no longer be used, or if the
     *     caller is not allowed to do all that the key allows
     */
    @Transactional
    public AccessKeyView rotate(Caller caller, KeyScope scope, String accessKey, Duration overlap) {
        Caller currentCaller = guard.lockAndReload(caller);
        AccessKey old = require(scope, accessKey);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        old.refusal(now).ifPresent(reason -> {
            throw RequestRefusedException.of(ErrorCode.ACCESS_KEY_UNUSABLE, reason);
        });

        AccessKeyView created = insert(currentCaller, scope.project(), old.owner(), old.rights(), old.expiresAt());

        // The old key expires at the end of the overlap, or at its own expiry if that is earlier.
        Instant overlapEnd = now.plus(overlap);
        boolean expiresBefore = old.expiresAt() != null && old.expiresAt().isBefore(overlapEnd);
        AccessKey oldWithExpiry = new AccessKey(
                old.id(),
                old.projectId(),
                old.secret(),
                old.owner(),
                old.rights(),
                old.disabledAt(),
                /* expiresAt= */ expiresBefore ? old.expiresAt() : overlapEnd,
                old.ownerDisabled());
        store.update(oldWithExpiry);
        guard.requireAdministrator();
        AccessKeyAudit.changed(old, oldWithExpiry);
        return created;
    }

    /**
     * Withdraws an access key: once the transaction commits, its signatures and tokens are refused.
     *
     * @throws RequestRefusedException in each of these cases: the project has no such key; the key is the caller's own;
     *     no administrator would remain; the key has a right that the caller lacks; the caller's own key was withdrawn
     *     in the meantime
     */
    @Transactional
    public void withdraw(Caller caller, KeyScope scope, String accessKey) {
        requireNotOwnKey(caller, accessKey);
        Caller currentCaller = guard.lockAndReload(caller);
        AccessKey key = require(scope, accessKey);
        keyGuard.requireChangeable(currentCaller, scope.project(), key);
        store.remove(accessKey);
        guard.requireAdministrator();
        AccessKeyAudit.removed(key);
    }

    private static void requireNotOwnKey(Caller caller, String accessKey) {
        if (accessKey.equals(caller.accessKey())) {
            throw RequestRefusedException.of(ErrorCode.OWN_ACCESS_KEY, "Use another key.");
        }
    }

    private AccessKey require(KeyScope scope, String accessKey) {
        return store.find(accessKey)
                .filter(scope::covers)
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_KEY));
    }
}
