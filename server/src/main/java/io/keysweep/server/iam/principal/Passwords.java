package io.keysweep.server.iam.principal;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.DocumentReader;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes the passwords of users with Argon2id, compares them, and generates credentials.
 *
 * <p>A hash needs 19 MiB of memory and about 50 ms on purpose, so that nobody can find the passwords with a stolen
 * database. Too many hashes at the same time could use up the heap, which ends the service. So at most {@value
 * #MAX_AT_ONCE} hashes are made at the same time. On a small heap it is fewer: as many as fit into an eighth of the
 * heap, but at least one. At most {@value #MAX_WAITING} requests wait; others are refused with 503.
 *
 * <p>A credential is a random text by which the tokens and sessions of a user identify the user. Thread-safe.
 */
@Component
final class Passwords {

    static final int MIN_LENGTH = 12;
    static final int MAX_LENGTH = 128;

    /** The maximum length of a password in bytes of UTF-8. */
    static final int MAX_BYTES = 4 * MAX_LENGTH;

    static final int MAX_AT_ONCE = 4;

    /**
     * The maximum number of requests that wait to make a hash. Each occupies a connection and the memory of its body.
     */
    static final int MAX_WAITING = 32;

    private static final int MAX_WAIT_SECONDS = 10;
    private static final int MEMORY_KIB = 19 * 1024;

    /** Hashes may use the heap divided by this number, that is, an eighth. */
    private static final int HEAP_PARTS = 8;

    private static final int CREDENTIAL_BYTES = 16;

    /**
     * The hash with which the password of an unknown user is compared, so that the answer takes as long as for an
     * existing user.
     *
     * <p>This is the hash of a random text that nobody has kept. The hash is a constant, because a new one would make
     * each start of the service 0.3 s longer.
     */
    static final String HASH_OF_NOBODY =
            "$argon2id$v=19$m=19456,t=2,p=1$IkHh7Ocf0zZy08cp1QO67A" + "$FxFQD1NFoptXUrVUjWxI+Qkaf0LgAGWkXD9OLCEMDVU";

    // OWASP's Password Storage Cheat Sheet recommends these values: 19 MiB, 2 iterations, parallelism 1.
    private final PasswordEncoder encoder = new Argon2PasswordEncoder(
            /* saltLength= */ 16, /* hashLength= */ 32, /* parallelism= */ 1, MEMORY_KIB, /* iterations= */ 2);

    private final Semaphore hashSemaphore =
            new Semaphore(atOnce(Runtime.getRuntime().maxMemory()), /* fair= */ true);
    private final SecureRandom random = new SecureRandom();

    /** Returns how many hashes may be made at the same time with a heap of this size. */
    static int atOnce(long heapBytes) {
        return Math.clamp(heapBytes / HEAP_PARTS / (MEMORY_KIB * 1024L), 1, MAX_AT_ONCE);
    }

    /** Reads a new password from a field of a request, and checks its rules. No message contains the password. */
    static Optional<String> read(DocumentReader reader, String name) {
        Optional<String> password = reader.secret(name, MAX_BYTES);
        boolean isBad = password.isPresent()
                && (password.get().length() < MIN_LENGTH
                        || password.get().length() > MAX_LENGTH
                        || !password.get().equals(password.get().strip())
                        || !ForeignText.isPrintable(password.get()));
        if (isBad) {
            reader.addProblem(
                    name,
                    Phrase.of(
                            " (not shown here) must be a text of {0} to {1} printable characters without a space at"
                                    + " either end.",
                            MIN_LENGTH, MAX_LENGTH));
        }
        return password;
    }

    /** Returns a salted hash of a password. */
    String hash(String password) {
        waitToHash();
        try {
            return encoder.encode(password);
        } finally {
            hashSemaphore.release();
        }
    }

    /**
     * Returns whether a password is the password of a user.
     *
     * @param user the user; empty if no user has the name. The call then takes the same time and returns false, so that
     *     nobody learns which names exist
     */
    boolean matches(String password, Optional<UserAccount> user) {
        if (password.length() > MAX_LENGTH) {
            return false;
        }
        waitToHash();
        try {
            boolean matches = encoder.matches(
                    password, user.map(UserAccount::passwordHash).orElse(HASH_OF_NOBODY));
            return matches && user.isPresent();
        } finally {
            hashSemaphore.release();
        }
    }

    /** Waits until a hash may be made; refuses the request if too many requests wait or the wait is too long. */
    private void waitToHash() {
        try {
            if (hashSemaphore.getQueueLength() < MAX_WAITING
                    && hashSemaphore.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw RequestRefusedException.of(ErrorCode.OVERLOADED, "Too many people sign in at once.");
    }

    /** Returns a new credential: 32 random hex digits. */
    String newCredential() {
        byte[] bytes = new byte[CREDENTIAL_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
