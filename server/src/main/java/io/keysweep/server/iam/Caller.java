package io.keysweep.server.iam;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identifies who makes an authenticated request: an access key, a user, or a person of an OpenID Connect issuer.
 *
 * <p>Controllers receive the caller from Spring Security, with the permissions that it had when the request began.
 * {@link #may(Action)} and {@link #requireAction(Action)} ask whether the caller has an action on the whole project.
 * They refuse a caller that is narrowed to some instances. Requests about single instances use {@code InstanceAccess}
 * instead.
 *
 * @param accessKey access key id (AK), name of the user, or {@code oidc:} with the name of the person
 * @param projectId id of the one project that the caller acts for
 * @param grants what the caller may do, and on which instances
 * @param person the person whom an OpenID Connect issuer has authenticated; null for an access key or a user
 * @param owner name of the user who owns the access key; null for none
 * @param subject text by which tokens and sessions identify this caller, see {@link CallerLookup}. The subject of a
 *     user changes with the password, so that tokens and sessions end with the old password
 */
public record Caller(
        String accessKey,
        String projectId,
        Grants grants,
        @Nullable OidcPerson person,
        @Nullable String owner,
        String subject) {

    /** The detail of a refusal by {@link #requireAllRights}; its subject is an action that the caller lacks. */
    public static final Phrase ONLY_OWN_ACTIONS =
            Phrase.of("An access key gives and takes only the actions that it has.");

    /** Creates a caller that is an access key without an owner. */
    public Caller(String accessKey, String projectId, Grants grants) {
        this(accessKey, projectId, grants, /* person= */ null, /* owner= */ null, /* subject= */ accessKey);
    }

    /**
     * Creates a caller that has actions on all instances.
     *
     * @param actions IAM names of the permitted actions; {@code *} permits everything
     */
    public Caller(String accessKey, String projectId, Set<String> actions) {
        this(accessKey, projectId, Grants.of(actions));
    }

    /**
     * Returns whether an id of a caller is the name of a user, which begins with a lower-case letter, but not with
     * {@code oidc:}.
     */
    public static boolean isUser(String principal) {
        return !principal.isEmpty()
                && principal.charAt(0) >= 'a'
                && principal.charAt(0) <= 'z'
                && !OidcPerson.isPerson(principal);
    }

    /** Returns whether the caller is a user with a password, who has signed in or calls with a token. */
    public boolean isUser() {
        return isUser(accessKey);
    }

    /** Returns the same caller with another subject. */
    public Caller withSubject(String other) {
        return new Caller(accessKey, projectId, grants, person, owner, other);
    }

    /** Returns the user who owns this access key, or the caller itself if it is no key or has no owner. */
    public String holder() {
        return owner == null ? accessKey : owner;
    }

    /** Returns the kind of the caller for the audit log: {@code user}, {@code oidc} or {@code access-key}. */
    public String kind() {
        if (person != null) {
            return "oidc";
        }
        return isUser(accessKey) ? "user" : "access-key";
    }

    /**
     * Checks that the caller has an action on all instances of the project, and records the action for the audit log.
     *
     * @throws RequestRefusedException if the caller does not have the action, or has it on some instances only
     */
    public void requireAction(Action action) {
        AuditTrail.permission(action.wireName());
        if (may(action)) {
            return;
        }
        if (!maySomewhere(action)) {
            throw RequestRefusedException.action(action.wireName());
        }
        throw RequestRefusedException.of(
                ErrorCode.ACTION_DENIED,
                action.wireName(),
                Phrase.of("It concerns more than the instances for which {0} has this action.", accessKey));
    }

    /**
     * Checks that the caller has an action on at least one instance, and records the action for the audit log. The
     * calling code must then leave out all instances on which the caller does not have the action.
     *
     * @throws RequestRefusedException if the caller has the action on no instance
     */
    public void requireActionSomewhere(Action action) {
        AuditTrail.permission(action.wireName());
        if (!maySomewhere(action)) {
            throw RequestRefusedException.action(action.wireName());
        }
    }

    /**
     * Checks that the caller has an action on one instance, and records the action for the audit log.
     *
     * @param instanceId id of an instance of the caller's project
     * @param tags tags of the instance
     * @throws RequestRefusedException if the caller does not have the action on the instance
     */
    public void requireAction(Action action, UUID instanceId, Map<String, String> tags) {
        AuditTrail.permission(action.wireName());
        if (!may(action, instanceId, tags)) {
            throw RequestRefusedException.action(action.wireName());
        }
    }

    /** Returns whether the caller has an action on all instances of the project. */
    public boolean may(Action action) {
        return grants.allowEverywhere(action);
    }

    /**
     * Returns whether the caller can have an action on some instance; false only if it certainly has the action on
     * none.
     */
    public boolean maySomewhere(Action action) {
        return grants.allowSomewhere(action);
    }

    /** Returns whether the caller has an action on an instance of its project with these tags. */
    public boolean may(Action action, UUID instanceId, Map<String, String> tags) {
        return grants.allow(action, instanceId, tags);
    }

    /** Returns whether the caller may know that an instance of its project with these tags exists. */
    public boolean sees(UUID instanceId, Map<String, String> tags) {
        return grants.allowAny(instanceId, tags);
    }

    /** Returns a text for logs, without the credential in the subject. */
    @Override
    public String toString() {
        return "Caller[accessKey=" + accessKey + ", projectId=" + projectId + "]";
    }

    /**
     * Checks that the caller may do everything that other grants allow, before it gives or takes these grants. Nobody
     * can give or take a right that they do not have.
     *
     * @throws RequestRefusedException if the grants allow more; the message names an action that the caller lacks
     */
    public void requireAllRights(Grants given) {
        grants.missingFor(given).ifPresent(name -> {
            throw RequestRefusedException.of(ErrorCode.ACTION_DENIED, name, ONLY_OWN_ACTIONS);
        });
    }
}
