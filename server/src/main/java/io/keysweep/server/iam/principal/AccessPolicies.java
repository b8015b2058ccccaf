package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.BuiltInRole;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Grants;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.Project;
import io.keysweep.server.request.EntityTag;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Lists, sets and removes the access policies of projects.
 *
 * <p>A change of a policy changes the rights of every access key and user with that policy. The caller must therefore
 * have all rights that the policy gives. The caller must also have all rights of each of these keys and users. Both
 * apply before and after the change. Thread-safe.
 */
@Service
class AccessPolicies {

    /** The maximum number of access policies of a project. The API returns all of them in one response. */
    static final int MAX_POLICIES = 200;

    private final AccessPolicyStore store;
    private final AccessKeyStore keys;
    private final UserStore users;
    private final RightsResolver resolver;
    private final RightsGuard guard;
    private final InstantSource clock;

    AccessPolicies(
            AccessPolicyStore store,
            AccessKeyStore keys,
            UserStore users,
            RightsResolver resolver,
            RightsGuard guard,
            InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.users = users;
        this.resolver = resolver;
        this.guard = guard;
        this.clock = clock;
    }

    /** Returns the built-in roles, and the policies of a project, sorted by name. */
    List<AccessPolicy> list(Project project) {
        return Stream.concat(
                        BuiltInRole.all().map(role -> AccessPolicy.of(project.id(), role)),
                        store.list(project.id()).stream())
                .toList();
    }

    /** Returns a policy of a project; refuses the request if there is none with the name. */
    AccessPolicy find(Project project, String name) {
        return BuiltInRole.find(name)
                .map(role -> AccessPolicy.of(project.id(), role))
                .or(() -> store.find(project.id(), name))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ACCESS_POLICY));
    }

    /**
     * Creates a policy, or replaces its statements.
     *
     * @param expected version that the policy must have; null for any version
     * @throws RequestRefusedException in each of these cases:
     *     <ul>
     *       <li>a built-in role has the name;
     *       <li>the policy has another version;
     *       <li>the project has too many policies;
     *       <li>no administrator would remain;
     *       <li>the policy, or a key or a user with the policy, has a right that the caller lacks, before or after the
     *           change.
     *     </ul>
     */
    @Transactional
    public AccessPolicy set(
            Caller caller, Project project, String name, List<AccessStatement> statements, @Nullable Integer expected) {
        requireNotBuiltIn(name);
        Caller currentCaller = guard.lockAndReload(caller);
        Optional<AccessPolicy> before = store.find(project.id(), name);
        requireVersion(expected, before);
        currentCaller.requireAllRights(new Grants(statements, InstanceSelector.ALL));

        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (before.isEmpty()) {
            if (store.list(project.id()).size() >= MAX_POLICIES) {
                throw RequestRefusedException.quota("A project can have {0} access policies at most.", MAX_POLICIES);
            }
            store.insert(project.id(), name, statements, caller.accessKey(), now);
            AuditTrail.creation(resource(project, name), fields(statements));
            return find(project, name);
        }

        // The caller must have all rights that the change gives or takes.
        currentCaller.requireAllRights(before.get().grants());
        for (PrincipalRights rights : rightsWith(project, name)) {
            currentCaller.requireAllRights(resolver.grants(project.id(), rights));
            currentCaller.requireAllRights(resolver.grants(project.id(), rights, name, statements));
        }

        store.update(project.id(), name, statements, caller.accessKey(), now);
        guard.requireAdministrator();
        AuditTrail.change(resource(project, name), fields(before.get().statements()), fields(statements));
        return find(project, name);
    }

    /**
     * Deletes a policy that no key and no user has.
     *
     * @throws RequestRefusedException in each of these cases: there is no such policy; it is a built-in role; a key or
     *     a user has the policy; the caller is not allowed to do everything that the policy allows
     */
    @Transactional
    public void remove(Caller caller, Project project, String name) {
        requireNotBuiltIn(name);
        Caller currentCaller = guard.lockAndReload(caller);
        AccessPolicy policy = find(project, name);
        currentCaller.requireAllRights(policy.grants());
        int uses = rightsWith(project, name).size();
        if (uses > 0) {
            throw RequestRefusedException.of(
                    ErrorCode.ACCESS_POLICY_IN_USE, Phrase.of("Take it from them first: {0} have it.", uses));
        }
        store.remove(project.id(), name);
        AuditTrail.removal(resource(project, name), fields(policy.statements()));
    }

    /** Returns the rights of all access keys and users that have a policy. */
    private List<PrincipalRights> rightsWith(Project project, String policy) {
        return Stream.concat(
                        keys.rights(project.id()).stream().map(AccessKeyStore.KeyRights::rights),
                        users.list(project.id()).stream().map(UserAccount::rights))
                .filter(rights -> rights.policies().contains(policy))
                .toList();
    }

    private static void requireVersion(@Nullable Integer expected, Optional<AccessPolicy> before) {
        int version = before.map(AccessPolicy::version).orElse(0);
        if (expected != null && expected != version) {
            throw EntityTag.stale(expected, version, "the access policy");
        }
    }

    private static void requireNotBuiltIn(String name) {
        if (BuiltInRole.find(name).isPresent()) {
            throw RequestRefusedException.of(
                    ErrorCode.BUILT_IN_ROLE, Phrase.of("Give the policy another name than '{0}'.", name));
        }
    }

    private static AuditFields fields(List<AccessStatement> statements) {
        return new AuditFields().withJson("statements", RightsText.formatStatements(statements));
    }

    private static AuditResource resource(Project project, String name) {
        return new AuditResource("access-policy", name, name, project.id());
    }
}
