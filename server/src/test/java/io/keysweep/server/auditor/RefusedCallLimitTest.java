package io.keysweep.server.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests that floods of refused calls add a bounded number of entries to the audit log, and that the calls beyond the
 * limits are counted.
 */
class RefusedCallLimitTest {

    /** The number of calls of a flood, which is more than any limit of an address or a key. */
    private static final int FLOOD = 100;

    private final ManualClock clock = new ManualClock();
    private final RefusedCallLimit limit = new RefusedCallLimit(clock);

    @Test
    void floodWithoutAKey_ofOneAddress_isLimitedAndCountedEachMinute() {
        assertThat(admitted(FLOOD, "10.0.0.1")).isEqualTo(RefusedCallLimit.PER_ADDRESS);
        assertThat(admitted(1, "10.0.0.2")).isEqualTo(1);
        assertThat(omittedIfMinuteIsOver()).isEmpty();

        clock.advance(Duration.ofMinutes(1));
        List<RefusedCallLimit.Omitted> omitted = omittedIfMinuteIsOver();

        assertThat(omitted).hasSize(1);
        assertThat(omitted.getFirst().address()).isEqualTo("10.0.0.1");
        assertThat(omitted.getFirst().calls()).isEqualTo(FLOOD - RefusedCallLimit.PER_ADDRESS);
        assertThat(admitted(1, "10.0.0.1")).isEqualTo(1);
    }

    @Test
    void minute_whenTheClockIsSetBack_ends() {
        assertThat(admitted(FLOOD, "10.0.0.1")).isEqualTo(RefusedCallLimit.PER_ADDRESS);

        clock.advance(Duration.ofHours(-1));
        assertThat(limit.drain(/* evenIfMinuteNotOver= */ false)).hasSize(1);
        assertThat(admitted(1, "10.0.0.1")).isEqualTo(1);
    }

    @Test
    void flood_ofManyAddresses_isLimitedAndCounted() {
        int addresses = 10_000;
        int admitted = 0;
        for (int i = 0; i < addresses; i++) {
            admitted += admitted(2, "address-" + i);
        }

        assertThat(admitted).isEqualTo(RefusedCallLimit.ANONYMOUS_PER_MINUTE);

        List<RefusedCallLimit.Omitted> omitted = omittedSoFar();
        assertThat(omitted).hasSize(RefusedCallLimit.MAX_NAMED + 1);
        assertThat(omitted.stream().mapToLong(RefusedCallLimit.Omitted::calls).sum() + admitted)
                .isEqualTo(2L * addresses);
    }

    @Test
    void flood_ofOneIpv6Network_isTreatedAsAFloodOfOneAddress() {
        int admitted = 0;
        for (int i = 1; i <= FLOOD; i++) {
            admitted += admitted(1, "2001:db8::" + i);
        }

        assertThat(admitted).isEqualTo(RefusedCallLimit.PER_ADDRESS);
        assertThat(admitted(1, "2001:db8:0:1::1")).isEqualTo(1);
    }

    @Test
    void refusedCalls_ofAKeyFromManyAddresses_areLimitedAndCountedForTheKey() {
        int admitted = 0;
        for (int i = 0; i < FLOOD; i++) {
            AuditCall call = call("10.0.0." + i).by("access-key", "AK", "p");
            admitted += limit.admits(call) ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(RefusedCallLimit.PER_KEY);

        RefusedCallLimit.Omitted omitted = omittedSoFar().getFirst();
        assertThat(omitted.key()).isEqualTo("AK");
        assertThat(omitted.calls()).isEqualTo(FLOOD - RefusedCallLimit.PER_KEY);
    }

    @Test
    void omittedCalls_ofAUser_areCountedUnderTheNameOfTheUser() {
        for (int i = 0; i <= RefusedCallLimit.PER_KEY; i++) {
            limit.admits(call("10.0.0.1").by("session", "alice", "p"));
        }

        RefusedCallLimit.Omitted omitted = omittedSoFar().getFirst();
        assertThat(omitted.kind()).isEqualTo("session");
        assertThat(omitted.key()).isEqualTo("alice");
    }

    @Test
    void flood_thatLastsForADay_isLimitedForTheDay() {
        int addresses = 20;
        int admitted = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            for (int address = 0; address < addresses; address++) {
                admitted += admitted(RefusedCallLimit.PER_ADDRESS, "address-" + address);
            }
            clock.advance(Duration.ofMinutes(1));
            omittedIfMinuteIsOver();
        }

        assertThat(admitted).isEqualTo(RefusedCallLimit.ANONYMOUS_PER_DAY);

        // Calls with an access key have their own limit, and each day begins with a new one.
        assertThat(limit.admits(call("10.0.0.1").by("access-key", "AK", "p"))).isTrue();
        assertThat(admitted(1, "address-1")).isEqualTo(1);
    }

    /** Ends the current minute if it is over, and returns the calls that were omitted in it. */
    private List<RefusedCallLimit.Omitted> omittedIfMinuteIsOver() {
        return limit.drain(/* evenIfMinuteNotOver= */ false);
    }

    /** Ends the current minute before its time, and returns the calls that were omitted in it. */
    private List<RefusedCallLimit.Omitted> omittedSoFar() {
        return limit.drain(/* evenIfMinuteNotOver= */ true);
    }

    /** Makes refused calls without a key, and returns how many of them get an entry. */
    private int admitted(int calls, String address) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += limit.admits(call(address)) ? 1 : 0;
        }
        return admitted;
    }

    /** Returns a call without a key. */
    private static AuditCall call(String address) {
        return new AuditCall("r", address, "createScan", /* resource= */ null);
    }
}
