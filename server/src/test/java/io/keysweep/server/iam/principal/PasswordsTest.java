package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.InstanceSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests the hashes of passwords and the credentials of users. */
class PasswordsTest {

    private static final long MIB = 1L << 20;
    private static final String PASSWORD = "correct horse battery";

    private final Passwords passwords = new Passwords();

    @Test
    void password_isStoredAsASaltedArgon2Hash() {
        String hash = passwords.hash(PASSWORD);
        assertThat(hash).startsWith("$argon2id$").doesNotContain("horse").hasSizeLessThan(255);
        assertThat(passwords.hash(PASSWORD)).isNotEqualTo(hash);
    }

    @Test
    void matches_isTrueForTheRightPasswordOfAKnownUserOnly() {
        Optional<UserAccount> user = Optional.of(user(passwords.hash(PASSWORD)));
        assertThat(passwords.matches(PASSWORD, user)).isTrue();
        assertThat(passwords.matches("correct horse batterz", user)).isFalse();
        assertThat(passwords.matches(PASSWORD, Optional.empty())).isFalse();
        assertThat(passwords.matches("x".repeat(1_000), user)).isFalse();
    }

    /** The check of an unknown name takes as long as the check of a user, so it does not reveal the names of users. */
    @Test
    void hash_forUnknownNames_hasTheSameParametersAsTheHashOfAUser() {
        String hash = passwords.hash(PASSWORD);
        String parameters = hash.substring(0, hash.indexOf("$", "$argon2id$v=19$".length()));

        assertThat(Passwords.HASH_OF_NOBODY).startsWith(parameters + "$");
    }

    @Test
    void numberOfHashesAtTheSameTime_dependsOnTheHeap() {
        assertThat(Passwords.atOnce(32 * MIB)).isEqualTo(1);
        assertThat(Passwords.atOnce(512 * MIB)).isEqualTo(3);
        assertThat(Passwords.atOnce(Long.MAX_VALUE)).isEqualTo(Passwords.MAX_AT_ONCE);
    }

    @Test
    void hashes_forTooManyRequestsAtTheSameTime_arePartlyRefusedAsOverload() throws Exception {
        int requests = 4 * Passwords.MAX_WAITING;

        // All requests begin at the same time, more than may wait for a hash.
        CountDownLatch ready = new CountDownLatch(requests);
        List<Future<String>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(requests)) {
            for (int i = 0; i < requests; i++) {
                results.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    try {
                        return passwords.hash(PASSWORD);
                    } catch (RequestRefusedException e) {
                        return e.code().name();
                    }
                }));
            }
        }

        int refused = 0;
        for (Future<String> result : results) {
            refused += result.get().equals("OVERLOADED") ? 1 : 0;
        }

        assertThat(refused).isBetween(1, requests - 1);
    }

    @Test
    void change_ofThePasswordOrState_replacesTheCredential_andOfRightsKeepsIt() {
        UserAccount user = user("old");
        Instant now = Instant.parse("2026-01-02T00:00:00Z");

        // A new password replaces the credential.
        UserAccount changedUser = new UserChange(
                        "new", /* disabled= */ null, /* policies= */ null, /* narrowing= */ null)
                .applyTo(user, now, /* hash= */ "new", "c2");
        assertThat(changedUser.credential()).isEqualTo("c2");
        assertThat(changedUser.passwordHash()).isEqualTo("new");

        // So does the disabling of the user.
        UserAccount disabled = new UserChange(
                        /* password= */ null, /* disabled= */ true, /* policies= */ null, /* narrowing= */ null)
                .applyTo(user, now, /* hash= */ null, "c2");
        assertThat(disabled.credential()).isEqualTo("c2");
        assertThat(disabled.disabledAt()).isEqualTo(now);

        // New rights do not.
        UserAccount withNewRights = new UserChange(
                        /* password= */ null, /* disabled= */ false, List.of("viewer"), /* narrowing= */ null)
                .applyTo(user, now, /* hash= */ null, "c2");
        assertThat(withNewRights.credential()).isEqualTo("c1");
        assertThat(withNewRights.rights().policies()).containsExactly("viewer");
        assertThat(user.toString()).doesNotContain("c1", "old");
    }

    /** Returns the user alice with the hash of a password. */
    private static UserAccount user(String hash) {
        return new UserAccount(
                "alice",
                "p",
                hash,
                /* credential= */ "c1",
                new PrincipalRights(Set.of(), List.of(), InstanceSelector.ALL),
                /* disabledAt= */ null,
                Instant.parse("2026-01-01T00:00:00Z"),
                /* lastUsedAt= */ null);
    }
}
