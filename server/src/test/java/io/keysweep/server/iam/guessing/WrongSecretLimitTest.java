package io.keysweep.server.iam.guessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.guessing.WrongSecretLimit.WrongSecretRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests after how many wrong secrets an address or a name is refused, and for how long. */
final class WrongSecretLimitTest {

    /** The id of an access key; names of users look different. */
    private static final String KEY = "ABCDEFGHIJKLMNOPQRST";

    /** The address of an honest client. */
    private static final String CLIENT = "10.0.0.1";

    /** The address of a stranger who guesses secrets. */
    private static final String STRANGER = "203.0.113.1";

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final WrongSecretLimit limit = new WrongSecretLimit(() -> now);

    @Test
    void tooManyWrongKeys_refuseTheirAddressForAMinute() {
        // The refusal begins with the last allowed wrong key.
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            assertThat(refusal(CLIENT, KEY)).isNull();
            recordWrong(CLIENT, KEY);
        }

        assertThat(refusal(CLIENT, KEY)).isEqualTo(WrongSecretRefusal.ADDRESS);
        assertThat(refusal(CLIENT, "ANOTHER")).isEqualTo(WrongSecretRefusal.ADDRESS);
        assertThat(refusal("10.0.0.2", KEY)).isNull();

        // The refusal ends when the period is over.
        now = now.plus(WrongSecretLimit.PERIOD);
        assertThat(refusal(CLIENT, KEY)).isEqualTo(WrongSecretRefusal.ADDRESS);
        now = now.plusMillis(1);
        assertThat(refusal(CLIENT, KEY)).isNull();
    }

    @Test
    void refusal_whenTheClockIsSetBack_ends() {
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            recordWrong(CLIENT, KEY);
        }
        assertThat(refusal(CLIENT, KEY)).isEqualTo(WrongSecretRefusal.ADDRESS);

        now = now.minus(Duration.ofHours(1));

        assertThat(refusal(CLIENT, KEY)).isNull();
    }

    @Test
    void refusal_ofAnIpv6Address_concernsItsWholeNetwork() {
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            recordWrong("2001:db8::" + i, KEY);
            recordWrong("2001:db8::" + i, "alice");
        }

        // The first two addresses are in the network of the wrong keys, the other two are not.
        assertThat(refusal("2001:db8::ffff", KEY)).isEqualTo(WrongSecretRefusal.ADDRESS);
        assertThat(refusal("2001:db8::ffff", "alice")).isEqualTo(WrongSecretRefusal.ADDRESS);
        assertThat(refusal("2001:db8:0:1::1", KEY)).isNull();
        assertThat(refusal("2001:db8:0:1::1", "alice")).isNull();
    }

    @Test
    void wrongKeys_thatAreFarApart_refuseNobody() {
        for (int i = 0; i < 10 * WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            recordWrong(CLIENT, KEY);
            assertThat(refusal(CLIENT, KEY)).isNull();
            // So far apart, fewer wrong keys than the limit are in any period.
            now = now.plus(WrongSecretLimit.PERIOD.dividedBy(WrongSecretLimit.MAX_WRONG_KEYS - 2));
        }
    }

    @Test
    void wrongPasswordsOfAStranger_refuseTheName_atTheAddressOfTheStrangerOnly() {
        recordWrong(STRANGER, "alice", WrongSecretLimit.MAX_WRONG_KEYS);

        assertThat(refusal(STRANGER, "alice")).isEqualTo(WrongSecretRefusal.ADDRESS);
        assertThat(refusal(STRANGER, "bob")).isNull();
        assertThat(refusal(STRANGER, KEY)).isNull();
        assertThat(refusal(CLIENT, "alice")).isNull();
    }

    @Test
    void wrongPasswordsForManyNames_refuseTheirAddressForAMinute() {
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_PASSWORDS_OF_ADDRESS; i++) {
            assertThat(refusal(STRANGER, "user" + i)).isNull();
            recordWrong(STRANGER, "user" + i);
        }
        assertThat(refusal(STRANGER, "alice")).isEqualTo(WrongSecretRefusal.ADDRESS);

        now = now.plus(WrongSecretLimit.PERIOD).plusMillis(1);
        assertThat(refusal(STRANGER, "alice")).isNull();
    }

    @Test
    void wrongPasswordsFromManyAddresses_refuseTheName_exceptAtKnownAddresses() {
        recordRight(CLIENT, "alice");
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_PASSWORDS_OF_NAME; i++) {
            assertThat(refusal("203.0.113." + i, "alice")).isNull();
            recordWrong("203.0.113." + i, "alice");
        }

        assertThat(refusal("203.0.113.200", "alice")).isEqualTo(WrongSecretRefusal.NAME);
        assertThat(refusal("10.0.0.2", "alice")).isEqualTo(WrongSecretRefusal.NAME);
        assertThat(refusal(CLIENT, "alice")).isNull();
        assertThat(refusal("203.0.113.200", "bob")).isNull();

        // An address from which the user has signed in gets no more tries than any other address.
        recordWrong(CLIENT, "alice", WrongSecretLimit.MAX_WRONG_KEYS);
        assertThat(refusal(CLIENT, "alice")).isEqualTo(WrongSecretRefusal.ADDRESS);

        now = now.plus(WrongSecretLimit.NAME_PERIOD).plusMillis(1);
        assertThat(refusal("203.0.113.200", "alice")).isNull();
    }

    @Test
    void errorOfARefusal_saysInWordsAndInSecondsHowLongSecretsAreRefused() {
        assertThat(WrongSecretRefusal.ADDRESS.error().retryAfterSeconds())
                .isEqualTo((int) WrongSecretLimit.PERIOD.toSeconds());
        assertThat(WrongSecretRefusal.ADDRESS.error()).hasMessageContaining("Wait a minute");
        assertThat(WrongSecretRefusal.NAME.error().retryAfterSeconds())
                .isEqualTo((int) WrongSecretLimit.NAME_PERIOD.toSeconds());
        assertThat(WrongSecretRefusal.NAME.error()).hasMessageContaining("Wait an hour");
    }

    @Test
    void wrongPasswordsOfManyAddresses_longAfterASignIn_refuseTheNameEverywhere() {
        recordRight(CLIENT, "alice");
        now = now.plus(WrongSecretLimit.KNOWN_PERIOD).plusMillis(1);
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_PASSWORDS_OF_NAME; i++) {
            recordWrong("203.0.113." + i, "alice");
        }

        assertThat(refusal(CLIENT, "alice")).isEqualTo(WrongSecretRefusal.NAME);
    }

    @Test
    void wrongPasswordsForTextsThatCannotBeNames_shareOneLimit() {
        // All these texts are treated as one name, so that the service keeps no long text of a stranger.
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            recordWrong(STRANGER, "x".repeat(1_000 + i));
        }

        assertThat(refusal(STRANGER, "y".repeat(1_000))).isEqualTo(WrongSecretRefusal.ADDRESS);
        assertThat(refusal(STRANGER, "alice")).isNull();
    }

    @Test
    void checks_ofManyWrongSecretsAtTheSameTime_areRefusedAboveTheLimit() throws Exception {
        int requests = 100;
        AtomicInteger checks = new AtomicInteger();
        List<SecretCheck<String>> results = burst(requests, () -> {
            checks.incrementAndGet();
            return Optional.empty();
        });

        assertThat(checks).hasValue(WrongSecretLimit.MAX_WRONG_KEYS);
        assertThat(results).filteredOn(SecretCheck.Wrong.class::isInstance).hasSize(WrongSecretLimit.MAX_WRONG_KEYS);
        assertThat(results)
                .filteredOn(SecretCheck.Refused.class::isInstance)
                .hasSize(requests - WrongSecretLimit.MAX_WRONG_KEYS);
    }

    @Test
    void checks_ofManyRightSecretsAtTheSameTime_refuseNone() throws Exception {
        int requests = 100;
        assertThat(burst(requests, () -> Optional.of("alice")))
                .hasSize(requests)
                .allMatch(SecretCheck.Right.class::isInstance);
        assertThat(refusal(STRANGER, "alice")).isNull();
    }

    @Test
    void check_thatThrowsAnException_isNotRecordedAsAWrongSecret() {
        for (int i = 0; i < 2 * WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            assertThatThrownBy(() -> limit.check(STRANGER, "alice", () -> {
                        throw RequestRefusedException.of(ErrorCode.OVERLOADED);
                    }))
                    .isInstanceOf(RequestRefusedException.class);
        }
        assertThat(refusal(STRANGER, "alice")).isNull();
    }

    /** Checks a secret for one name from one address in many threads, all at the same time. */
    private List<SecretCheck<String>> burst(int size, Supplier<Optional<String>> check) throws Exception {
        CountDownLatch ready = new CountDownLatch(size);
        List<Future<SecretCheck<String>>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
            for (int i = 0; i < size; i++) {
                results.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return limit.check(STRANGER, "alice", check);
                }));
            }
        }
        List<SecretCheck<String>> found = new ArrayList<>();
        for (Future<SecretCheck<String>> result : results) {
            found.add(result.get());
        }
        return found;
    }

    /** Returns why a secret would be refused now, or null if it would be checked. The call records no wrong secret. */
    private @Nullable WrongSecretRefusal refusal(String address, String principal) {
        try {
            SecretCheck<String> result = limit.check(address, principal, () -> {
                throw new IllegalStateException("not refused");
            });
            return ((SecretCheck.Refused<String>) result).reason();
        } catch (IllegalStateException e) {
            return null;
        }
    }

    private void recordRight(String address, String principal) {
        assertThat(limit.check(address, principal, () -> Optional.of(principal)))
                .isInstanceOf(SecretCheck.Right.class);
    }

    private void recordWrong(String address, String principal) {
        limit.check(address, principal, Optional::empty);
    }

    private void recordWrong(String address, String principal, int times) {
        for (int i = 0; i < times; i++) {
            recordWrong(address, principal);
        }
    }
}
