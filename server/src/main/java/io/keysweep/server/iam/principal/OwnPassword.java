package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.guessing.SecretCheck;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import io.keysweep.server.request.DocumentReader;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Lets users change their own password, through the API and the console.
 *
 * <p>A user needs no permission for this, but must know the current password. Wrong passwords are counted as at a
 * sign-in, so that an attacker with a stolen session cannot guess the password. The change ends all tokens and sessions
 * of the user. The calling code then issues a new token or session for the request, so that the caller stays
 * signed in. Thread-safe.
 */
@Component
public final class OwnPassword {

    /** The name of the field with the current password. */
    public static final String OLD = "oldPassword";

    /** The name of the field with the new password. */
    public static final String NEW = "newPassword";

    private final UserStore store;
    private final Passwords passwords;
    private final RightsGuard guard;
    private final WrongSecretLimit wrongSecrets;
    private final TransactionTemplate transaction;

    OwnPassword(
            UserStore store,
            Passwords passwords,
            RightsGuard guard,
            WrongSecretLimit wrongSecrets,
            TransactionTemplate transaction) {
        this.store = store;
        this.passwords = passwords;
        this.guard = guard;
        this.wrongSecrets = wrongSecrets;
        this.transaction = transaction;
    }

    /**
     * Requires that a caller is a user with a password.
     *
     * @throws RequestRefusedException if the caller is an access key or a person of an OpenID Connect issuer
     */
    public void requireUser(Caller caller) {
        if (!caller.isUser()) {
            throw RequestRefusedException.of(
                    ErrorCode.NO_PASSWORD, "Sign in, or request a token, with the name of the user and its password.");
        }
    }

    /**
     * Changes the password of the caller.
     *
     * @param body document with the fields {@link #OLD} and {@link #NEW}
     * @param address address of the client, which is refused for a while after too many wrong passwords
     * @return the caller with the new subject, the text by which tokens and sessions identify a user. It changes with
     *     the password
     * @throws RequestRefusedException if the caller is no user, if the document breaks a rule, if the old password is
     *     wrong, or if the address or the user has sent too many wrong passwords
     */
    public Caller change(Caller caller, @Nullable JsonNode body, String address) {
        requireUser(caller);
        DocumentReader reader = DocumentReader.of(body, Set.of(OLD, NEW));
        String oldPassword = reader.secret(OLD, Passwords.MAX_BYTES).orElse("");
        String newPassword = Passwords.read(reader, NEW).orElse("");
        requireValue(reader, OLD);
        requireValue(reader, NEW);

        UserAccount user = reader.requireValid(() -> requireOldPassword(caller, oldPassword, address));
        if (newPassword.equals(oldPassword)) {
            throw RequestRefusedException.fields(
                    List.of(new FieldProblem(NEW, " (not shown here) must differ from the present password.")));
        }

        // The hash takes long, so it is made before the transaction.
        String hash = passwords.hash(newPassword);
        return Objects.requireNonNull(transaction.execute(status -> {
            Caller currentCaller = guard.lockAndReload(caller);
            // Another request may have changed the password since the check above.
            UserAccount before = store.find(user.name())
                    .filter(found -> found.credential().equals(user.credential()))
                    .orElseThrow(() -> RequestRefusedException.of(
                            ErrorCode.INVALID_TOKEN, "The password of the user has changed meanwhile. Sign in again."));
            UserAccount after = before.withPassword(hash, passwords.newCredential());
            store.update(after);
            AuditTrail.change(Users.resource(after), Users.fields(before), Users.fields(after));
            return currentCaller.withSubject(StoredCallers.subject(after));
        }));
    }

    /** Returns the account of the caller; refuses and counts a wrong old password. */
    private UserAccount requireOldPassword(Caller caller, String oldPassword, String address) {
        return switch (wrongSecrets.check(address, caller.accessKey(), () -> {
            Optional<UserAccount> user = store.find(caller.accessKey());
            return passwords.matches(oldPassword, user) ? user : Optional.empty();
        })) {
            case SecretCheck.Right<UserAccount> right -> right.found();
            case SecretCheck.Wrong<UserAccount> wrong ->
                throw RequestRefusedException.fields(
                        List.of(new FieldProblem(OLD, " (not shown here) is not the present password.")));
            case SecretCheck.Refused<UserAccount> refused ->
                throw refused.reason().error();
        };
    }

    private static void requireValue(DocumentReader reader, String field) {
        if (reader.value(field).isEmpty()) {
            reader.addProblem(field, Phrase.of(" is missing."));
        }
    }
}
