package io.keysweep.server.iam.principal;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.Grants;
import io.keysweep.server.iam.OidcPerson;
import io.keysweep.server.iam.UserName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Finds callers among the stored access keys, the stored users, and the people of an OpenID Connect issuer.
 *
 * <p>{@link OidcCallers} finds the people, whom the service does not store. Thread-safe.
 */
@Component
final class StoredCallers implements CallerLookup {

    private final AccessKeyStore keys;
    private final UserStore users;
    private final RightsResolver rights;
    private final Passwords passwords;
    private final OidcCallers people;
    private final KeyUses uses;
    private final InstantSource clock;

    StoredCallers(
            AccessKeyStore keys,
            UserStore users,
            RightsResolver rights,
            Passwords passwords,
            OidcCallers people,
            KeyUses uses,
            InstantSource clock) {
        this.keys = keys;
        this.users = users;
        this.rights = rights;
        this.passwords = passwords;
        this.people = people;
        this.uses = uses;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> find(String principal) {
        Optional<Caller> foundCaller = findAbsent(principal);
        foundCaller.ifPresent(caller -> uses.record(caller.accessKey()));
        return foundCaller;
    }

    @Override
    public Optional<Caller> findAbsent(String principal) {
        return Caller.isUser(principal)
                ? users.find(principal).filter(UserAccount::isEnabled).map(this::withRights)
                : keys.find(principal).filter(key -> refusal(key).isEmpty()).map(this::withRights);
    }

    @Override
    public Optional<Caller> findCurrent(Caller caller) {
        return caller.person() == null ? findSubject(caller.subject()) : people.find(caller.person());
    }

    @Override
    public Optional<Caller> findSubject(String subject) {
        return CallerLookup.isUser(subject)
                ? users.findByCredential(subject.substring(CREDENTIAL_PREFIX.length()))
                        .filter(UserAccount::isEnabled)
                        .map(this::recordUse)
                : find(subject);
    }

    /** Returns the subject of a user: the prefix and the current credential. */
    static String subject(UserAccount user) {
        return CREDENTIAL_PREFIX + user.credential();
    }

    @Override
    public Caller require(String subject) {
        if (CallerLookup.isUser(subject)) {
            return findSubject(subject)
                    .orElseThrow(() -> RequestRefusedException.of(
                            ErrorCode.INVALID_TOKEN,
                            "The user is disabled, or the password has changed. Sign in again."));
        }
        AccessKey key = keys.find(subject)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "The access key " + subject + " does not exist."));
        return requireUsable(key);
    }

    @Override
    public Set<String> usable(Set<String> subjects) {
        Set<String> usable = new HashSet<>(keys.usable(subjects, clock.instant()));
        Set<String> credentials = subjects.stream()
                .filter(CallerLookup::isUser)
                .map(subject -> subject.substring(CREDENTIAL_PREFIX.length()))
                .collect(Collectors.toUnmodifiableSet());
        users.findEnabled(credentials).forEach(credential -> usable.add(CREDENTIAL_PREFIX + credential));
        subjects.stream().filter(OidcPerson::isPerson).forEach(usable::add);
        return usable;
    }

    @Override
    public Optional<Caller> authenticate(String principal, String secret) {
        if (Caller.isUser(principal)) {
            Optional<UserAccount> user = UserName.isValid(principal) ? users.find(principal) : Optional.empty();
            return passwords.matches(secret, user) ? user.map(this::requireEnabled) : Optional.empty();
        }
        // PostgreSQL refuses some texts, such as one with a null character. No id has characters that are not
        // printable.
        return Optional.of(principal)
                .filter(ForeignText::isPrintable)
                .flatMap(keys::find)
                .filter(key -> MessageDigest.isEqual(key.secret().bytes(), secret.getBytes(StandardCharsets.UTF_8)))
                .map(this::requireUsable);
    }

    private Caller requireEnabled(UserAccount user) {
        if (!user.isEnabled()) {
            throw RequestRefusedException.of(
                    ErrorCode.INVALID_TOKEN, Phrase.of("The user {0} is disabled.", user.name()));
        }
        return recordUse(user);
    }

    private Caller requireUsable(AccessKey key) {
        refusal(key).ifPresent(reason -> {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, reason);
        });
        return recordUse(key);
    }

    /** Returns why a key cannot be used now, as a sentence; empty if it can. */
    private Optional<Phrase> refusal(AccessKey key) {
        return key.refusal(clock.instant());
    }

    /** Returns the owner of a key; empty if the owner was removed or is disabled, or if the key has no owner. */
    private Optional<UserAccount> findOwner(AccessKey key) {
        return Optional.ofNullable(key.owner()).flatMap(users::find).filter(UserAccount::isEnabled);
    }

    /** Records that an access key is used now, and returns its caller. */
    private Caller recordUse(AccessKey key) {
        uses.record(key.id());
        return withRights(key);
    }

    /** Records that a user makes a request now, and returns the caller. */
    private Caller recordUse(UserAccount user) {
        uses.record(user.name());
        return withRights(user);
    }

    /** Returns the caller of an access key, with the current rights of the key and the limit by its owner. */
    private Caller withRights(AccessKey key) {
        Grants keyGrants = rights.grants(key.projectId(), key.rights());
        if (key.owner() == null) {
            return new Caller(key.id(), key.projectId(), keyGrants);
        }
        // If the owner was removed or disabled since the check of the key, the key allows nothing.
        Grants limit = findOwner(key)
                .map(user -> rights.grants(user.projectId(), user.rights()))
                .orElse(Grants.NONE);
        return new Caller(
                key.id(), key.projectId(), keyGrants.within(limit), /* person= */ null, key.owner(), key.id());
    }

    /** Returns the caller of a user, with the current rights of the user. */
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
