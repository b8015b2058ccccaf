package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.QuotaSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lists, creates, changes and removes the users of projects: people who sign in with a password.
 *
 * <p>A caller can create, change or remove a user only if the caller has all rights that the user has, or would have
 * after the change. Users cannot change or remove themselves; {@link OwnPassword} lets them change their own password.
 * Thread-safe.
 */
@Service
class Users {

    private final UserStore store;
    private final AccessKeyStore keys;
    private final RightsResolver resolver;
    private final RightsGuard guard;
    private final Passwords passwords;
    private final TransactionTemplate transaction;
    private final QuotaSettings quotas;
    private final InstantSource clock;

    Users(
            UserStore store,
            AccessKeyStore keys,
            RightsResolver resolver,
            RightsGuard guard,
            Passwords passwords,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.resolver = resolver;
        this.guard = guard;
        this.passwords = passwords;
        this.transaction = transaction;
        this.quotas = settings.quotas();
        this.clock = clock;
    }

    /** Returns the users of a project, sorted by name. */
    List<UserAccount> list(Project project) {
        return store.list(project.id());
    }

    /** Returns a user of a project; refuses the request if the project has no such user. */
    UserAccount find(Project project, String name) {
        return store.find(name)
                .filter(user -> user.projectId().equals(project.id()))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_USER));
    }

    /**
     * Creates a user.
     *
     * @throws RequestRefusedException in each of these cases: the name is in use; a policy is unknown; the project has
     *     too many users; the caller's own key expires; the caller is not allowed to do all that the user may do
     */
    UserAccount create(Caller caller, Project project, String name, String password, PrincipalRights rights) {
        requireGrantable(caller, project, rights);
        // The hash takes long, so it is made before the transaction.
        String hash = passwords.hash(password);
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                // lockAndReload also makes all other changes of rights wait until the transaction ends.
                Caller currentCaller = guard.lockAndReload(caller);
                requireGrantable(currentCaller, project, rights);
                requireCallerWithoutExpiry(currentCaller);
                if (store.list(project.id()).size() >= quotas.usersPerProject()) {
                    throw RequestRefusedException.quota(
                            "A project can have {0} users at most, by the setting quota.users-per-project.",
                            quotas.usersPerProject());
                }

                UserAccount user = new UserAccount(
                        name,
                        project.id(),
                        hash,
                        passwords.newCredential(),
                        rights,
                        /* disabledAt= */ null,
                        now(),
                        /* lastUsedAt= */ null);
                store.insert(user);
                AuditTrail.creation(resource(user), fields(user));
                return find(project, name);
            }));
        } catch (DuplicateKeyException e) {
            throw RequestRefusedException.of(
                    ErrorCode.NAME_TAKEN,
                    Phrase.of("There is a user '{0}' already; names of users are unique in the service.", name));
        }
    }

    /**
     * Changes the password or the rights of a user, or disables or enables the user. All tokens and sessions of the
     * user end if the password changes or the user is disabled or enabled.
     *
     * @throws RequestRefusedException in each of these cases:
     *     <ul>
     *       <li>the project has no such user;
     *       <li>the user is the caller, or owns the caller's key;
     *       <li>the caller's own key expires;
     *       <li>the caller is not allowed to do all that the user may do before and after the change.
     *     </ul>
     */
    UserAccount change(Caller caller, Project project, String name, UserChange change) {
        requireNotOwnUser(caller, name);
        String password = change.password();
        String hash = password == null ? null : passwords.hash(password);
        return Objects.requireNonNull(transaction.execute(status -> {
            Caller currentCaller = guard.lockAndReload(caller);
            UserAccount before = find(project, name);
            currentCaller.requireAllRights(resolver.grants(project.id(), before.rights()));
            UserAccount after = change.applyTo(before, now(), hash, passwords.newCredential());
            requireGrantable(currentCaller, project, after.rights());
            requireCallerWithoutExpiry(currentCaller);
            store.update(after);
            AuditTrail.change(resource(after), fields(before), fields(after));
            return find(project, name);
        }));
    }

    /**
     * Removes a user, which ends all tokens and sessions, and withdraws the access keys of the user.
     *
     * @throws RequestRefusedException in each of these cases: the project has no such user; the user is the caller, or
     *     owns the caller's key; the caller is not allowed to do all that the user may do
     */
    @Transactional
    public void remove(Caller caller, Project project, String name) {
        requireNotOwnUser(caller, name);
        Caller currentCaller = guard.lockAndReload(caller);
        UserAccount user = find(project, name);
        currentCaller.requireAllRights(resolver.grants(project.id(), user.rights()));
        // The database deletes the access keys that the user owns together with the user.
        keys.ownedBy(name).forEach(AccessKeyAudit::removed);
        store.remove(name);
        AuditTrail.removal(resource(user), fields(user));
    }

    private void requireGrantable(Caller caller, Project project, PrincipalRights rights) {
        guard.requirePolicies(project.id(), rights.policies());
        caller.requireAllRights(resolver.grants(project.id(), rights));
    }

    /**
     * Refuses a caller whose key expires. Users do not expire, so a user that the key creates or changes would keep the
     * rights of the key after its expiry.
     */
    private void requireCallerWithoutExpiry(Caller caller) {
        Instant end = guard.findExpiry(caller);
        if (end != null) {
            throw RequestRefusedException.of(
                    ErrorCode.ACTION_DENIED,
                    Action.MANAGE_ACCESS_KEYS.wireName(),
                    Phrase.of("The key that you call with ends at {0}, and the account of a user has no end.", end));
        }
    }

    private static void requireNotOwnUser(Caller caller, String name) {
        // A user's key is treated as the user. Otherwise it could set the password of the user without the current one.
        if (name.equals(caller.holder())) {
            throw RequestRefusedException.of(ErrorCode.OWN_USER, "Ask another administrator.");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    static AuditFields fields(UserAccount user) {
        return AccessKeyAudit.fields(user.rights())
                .with("disabledAt", user.disabledAt())
                .withSecret("password", user.passwordHash());
    }

    static AuditResource resource(UserAccount user) {
        return new AuditResource("user", user.name(), user.name(), user.projectId());
    }
}
