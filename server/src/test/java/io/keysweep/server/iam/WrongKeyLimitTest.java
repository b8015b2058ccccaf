package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.iam.WrongKeyLimit.Refusal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tests after which wrong secrets an address or a name is refused, and for how long. */
final class WrongKeyLimitTest {

    private static final String KEY = "ABCDEFGHIJKLMNOPQRST";

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final WrongKeyLimit limit = new WrongKeyLimit(() -> now);

    @Test
    void refusal_afterTooManyWrongKeys_onlyTheirAddressForAMinute() {
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_KEYS; i++) {
            assertThat(limit.refusal("10.0.0.1", KEY)).isNull();
            limit.recordWrongKey("10.0.0.1", KEY);
        }
        assertThat(limit.refusal("10.0.0.1", KEY)).isEqualTo(Refusal.ADDRESS);
        assertThat(limit.refusal("10.0.0.1", "ANOTHER")).isEqualTo(Refusal.ADDRESS);
        assertThat(limit.refusal("10.0.0.2", KEY)).isNull();
        now = now.plus(WrongKeyLimit.PERIOD);
        assertThat(limit.refusal("10.0.0.1", KEY)).isEqualTo(Refusal.ADDRESS);
        now = now.plusMillis(1);
        assertThat(limit.refusal("10.0.0.1", KEY)).isNull();
    }

    @Test
    void refusal_ofAnIpv6Address_isThatOfItsNetwork() {
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_KEYS; i++) {
            limit.recordWrongKey("2001:db8::" + i, KEY);
            limit.recordWrongKey("2001:db8::" + i, "alice");
        }
        assertThat(limit.refusal("2001:db8::ffff", KEY)).isEqualTo(Refusal.ADDRESS);
        assertThat(limit.refusal("2001:db8::ffff", "alice")).isEqualTo(Refusal.ADDRESS);
        assertThat(limit.refusal("2001:db8:0:1::1", KEY)).isNull();
        assertThat(limit.refusal("2001:db8:0:1::1", "alice")).isNull();
    }

    @Test
    void refusal_wrongKeysFarApart_areForgotten() {
        for (int i = 0; i < 10 * WrongKeyLimit.MAX_WRONG_KEYS; i++) {
            limit.recordWrongKey("10.0.0.1", KEY);
            assertThat(limit.refusal("10.0.0.1", KEY)).isNull();
            now = now.plus(WrongKeyLimit.PERIOD.dividedBy(WrongKeyLimit.MAX_WRONG_KEYS - 2));
        }
    }

    @Test
    void refusal_afterWrongPasswordsOfAStranger_notForTheUserElsewhere() {
        recordWrong("203.0.113.1", "alice", WrongKeyLimit.MAX_WRONG_KEYS);
        assertThat(limit.refusal("203.0.113.1", "alice")).isEqualTo(Refusal.ADDRESS);
        assertThat(limit.refusal("203.0.113.1", "bob")).isNull();
        assertThat(limit.refusal("203.0.113.1", KEY)).isNull();
        assertThat(limit.refusal("10.0.0.1", "alice")).isNull();
    }

    @Test
    void refusal_afterWrongPasswordsForManyNames_theirAddressForAMinute() {
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_PASSWORDS_OF_ADDRESS; i++) {
            assertThat(limit.refusal("203.0.113.1", "user" + i)).isNull();
            limit.recordWrongKey("203.0.113.1", "user" + i);
        }
        assertThat(limit.refusal("203.0.113.1", "alice")).isEqualTo(Refusal.ADDRESS);
        now = now.plus(WrongKeyLimit.PERIOD).plusMillis(1);
        assertThat(limit.refusal("203.0.113.1", "alice")).isNull();
    }

    @Test
    void refusal_afterWrongPasswordsFromManyAddresses_notWhereTheUserHasSignedIn() {
        limit.recordSignIn("10.0.0.1", "alice");
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_PASSWORDS_OF_NAME; i++) {
            assertThat(limit.refusal("203.0.113." + i, "alice")).isNull();
            limit.recordWrongKey("203.0.113." + i, "alice");
        }
        assertThat(limit.refusal("203.0.113.200", "alice")).isEqualTo(Refusal.NAME);
        assertThat(limit.refusal("10.0.0.2", "alice")).isEqualTo(Refusal.NAME);
        assertThat(limit.refusal("10.0.0.1", "alice")).isNull();
        assertThat(limit.refusal("203.0.113.200", "bob")).isNull();
        // A known address has no more tries than any other.
        recordWrong("10.0.0.1", "alice", WrongKeyLimit.MAX_WRONG_KEYS);
        assertThat(limit.refusal("10.0.0.1", "alice")).isEqualTo(Refusal.ADDRESS);
        now = now.plus(WrongKeyLimit.NAME_PERIOD).plusMillis(1);
        assertThat(limit.refusal("203.0.113.200", "alice")).isNull();
    }

    @Test
    void refusal_longAfterTheSignIn_alsoThere() {
        limit.recordSignIn("10.0.0.1", "alice");
        now = now.plus(WrongKeyLimit.KNOWN_PERIOD).plusMillis(1);
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_PASSWORDS_OF_NAME; i++) {
            limit.recordWrongKey("203.0.113." + i, "alice");
        }
        assertThat(limit.refusal("10.0.0.1", "alice")).isEqualTo(Refusal.NAME);
    }

    private void recordWrong(String address, String principal, int times) {
        for (int i = 0; i < times; i++) {
            limit.recordWrongKey(address, principal);
        }
    }
}
