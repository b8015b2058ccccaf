package io.keysweep.server.iam;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Finds the caller that an access key or a user identifies, for every authentication: signature, token, session and
 * sign-in.
 *
 * <p>Each call reads the database, so a key that is withdrawn, disabled or expired is refused at once, as is a disabled
 * user, and a change of rights has effect at once. Tokens and sessions name a <em>subject</em>: the access key, or the
 * present credential of a user after {@value #CREDENTIAL_PREFIX}. Safe for use by several threads.
 */
@Component
public final class CallerLookup {

    /** Stands before the credential of a user in a subject; no access key has small letters. */
    private static final String CREDENTIAL_PREFIX = "u-";

    private final IamStore store;
    private final UserStore users;
    private final RightsResolver rights;
    private final Passwords passwords;
    private final OidcCallers people;
    private final KeyUses uses;
    private final InstantSource clock;

    CallerLookup(
            IamStore store,
            UserStore users,
            RightsResolver rights,
            Passwords passwords,
            OidcCallers people,
            KeyUses uses,
            InstantSource clock) {
        this.store = store;
        this.users = users;
        this.rights = rights;
        this.passwords = passwords;
        this.people = people;
        this.uses = uses;
        this.clock = clock;
    }

    /** Finds the caller with an access key id or a user's name, with its rights; empty if it cannot call. */
    public Optional<Caller> find(String principal) {
        Optional<Caller> found = findAbsent(principal);
        found.ifPresent(caller -> uses.record(caller.accessKey()));
        return found;
    }

    /** Finds a caller as {@link #find} does, whose request another caller continues. It counts as no use. */
    public Optional<Caller> findAbsent(String principal) {
        return Caller.isUser(principal)
                ? users.find(principal).filter(UserAccount::isEnabled).map(this::withRights)
                : store.accessKey(principal)
                        .filter(key -> refusal(key).isEmpty())
                        .map(this::withRights);
    }

    /**
     * Returns whether an id names a person of an OpenID Connect issuer, whose rights only a token says: without one, the
     * service cannot find the person again.
     */
    public static boolean isPerson(String principal) {
        return OidcPerson.isPerson(principal);
    }

    /**
     * Finds the caller of a request again, with its present rights; empty if it cannot call any more. A user with another
     * password since is empty, too.
     */
    public Optional<Caller> present(Caller caller) {
        return caller.person() == null ? findSubject(caller.subject()) : people.find(caller.person());
    }

    /** Finds the caller that a token or session names by its subject; empty if it cannot call any more. */
    public Optional<Caller> findSubject(String subject) {
        return subject.startsWith(CREDENTIAL_PREFIX)
                ? users.findByCredential(subject.substring(CREDENTIAL_PREFIX.length()))
                        .filter(UserAccount::isEnabled)
                        .map(this::caller)
                : find(subject);
    }

    /** Returns whether a subject is that of a user. */
    public static boolean isUser(String subject) {
        return subject.startsWith(CREDENTIAL_PREFIX);
    }

    /** Returns the subject of a user with the present password. */
    static String subject(UserAccount user) {
        return CREDENTIAL_PREFIX + user.credential();
    }

    /**
     * Returns the caller that a signature or a token names, which the service has verified.
     *
     * @param subject access key id, or the subject of a token
     * @throws RequestRefusedException if the key does not exist, is disabled or has expired, or if the user has another
     *     password since or is disabled; the message says which
     */
    Caller require(String subject) {
        if (subject.startsWith(CREDENTIAL_PREFIX)) {
            return findSubject(subject)
                    .orElseThrow(() -> RequestRefusedException.of(
                            ErrorCode.INVALID_TOKEN,
                            "The user is disabled, or has another password since. Sign in again."));
        }
        AccessKey key = store.accessKey(subject)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "The access key " + subject + " does not exist."));
        return requireUsable(key);
    }

    /**
     * Returns those of some subjects whose callers can call. Requests that last end without their caller. People of an
     * OpenID Connect issuer are always among them, because only their token says when they can call no more.
     */
    public Set<String> usable(Set<String> subjects) {
        Set<String> usable = new HashSet<>(store.usable(subjects, clock.instant()));
        Set<String> credentials = subjects.stream()
                .filter(CallerLookup::isUser)
                .map(subject -> subject.substring(CREDENTIAL_PREFIX.length()))
                .collect(Collectors.toUnmodifiableSet());
        users.enabled(credentials).forEach(credential -> usable.add(CREDENTIAL_PREFIX + credential));
        subjects.stream().filter(OidcPerson::isPerson).forEach(usable::add);
        return usable;
    }

    /**
     * Finds the caller with an access key and its secret key, or with a user's name and password. The duration does not
     * depend on how much of a secret is right, nor on whether a user exists.
     *
     * @return empty if the name or the secret is wrong
     * @throws RequestRefusedException if the secret is right, but the access key or the user cannot call
     */
    public Optional<Caller> authenticate(String principal, String secret) {
        if (Caller.isUser(principal)) {
            Optional<UserAccount> user = users.find(principal);
            return passwords.matches(secret, user) ? user.map(this::requireEnabled) : Optional.empty();
        }
        return store.accessKey(principal)
                .filter(found -> MessageDigest.isEqual(found.secret().bytes(), secret.getBytes(StandardCharsets.UTF_8)))
                .map(this::requireUsable);
    }

    private Caller requireEnabled(UserAccount user) {
        if (!user.isEnabled()) {
            throw RequestRefusedException.of(
                    ErrorCode.INVALID_TOKEN, Phrase.of("The user {0} is disabled.", user.name()));
        }
        return caller(user);
    }

    private Caller requireUsable(AccessKey key) {
        refusal(key).ifPresent(reason -> {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, reason);
        });
        return caller(key);
    }

    /** Returns why a key cannot be used now, as a sentence; empty if it can. */
    private Optional<Phrase> refusal(AccessKey key) {
        return key.refusal(clock.instant());
    }

    /** Returns the owner of a key who is not disabled; empty if there is none. */
    private Optional<UserAccount> owner(AccessKey key) {
        return Optional.ofNullable(key.owner()).flatMap(users::find).filter(UserAccount::isEnabled);
    }

    private Caller caller(AccessKey key) {
        uses.record(key.id());
        return withRights(key);
    }

    private Caller caller(UserAccount user) {
        uses.record(user.name());
        return withRights(user);
    }

    private Caller withRights(AccessKey key) {
        Grants own = rights.grants(key.projectId(), key.rights());
        if (key.owner() == null) {
            return new Caller(key.id(), key.projectId(), own);
        }
        // A user who was removed or disabled since the check leaves nothing.
        Grants limit = owner(key)
                .map(user -> rights.grants(user.projectId(), user.rights()))
                .orElse(Grants.NONE);
        return new Caller(key.id(), key.projectId(), own.within(limit), /* person= */ null, key.owner(), key.id());
    }

    private Caller withRights(UserAccount user) {
        return new Caller(
                user.name(),
                user.projectId(),
                rights.grants(user.projectId(), user.rights()),
                /* person= */ null,
                /* owner= */ null,
                subject(user));
    }
}
