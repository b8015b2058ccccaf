package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which schedules of automatic scans are accepted, and with which error code the others are refused. */
class AutoScanRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    /** The earliest time that is later than {@link #NOW}. */
    private static final String LATER = "2026-11-24T10:00:00.001Z";

    private static final UUID INSTANCE = UUID.randomUUID();

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T02:00:00.000Z",
        "2026-11-25T02:00:00.000",
        "2026-11-25T02:00:00Z",
        "2026-11-25T02:00:00",
        "2026-11-25T02:00",
        "2026-11-25t02:00:00.000z",
        "2026-11-25 02:00:00z",
        "2026-11-25T02:00:00.0Z",
        "2026-11-25T02:00:00.000000000000000000Z",
        "2026-11-25T02:00:00.0009z",
        "2026-11-25T02:00:00+00:00",
        "2026-11-25T02:00:00-00:00",
        "2026-11-25T03:00:00+01:00",
        "2026-11-24T20:30:00.000-05:30",
        "2026-11-26T01:59:00+23:59",
    })
    void firstScanAt_inAnyIsoForm_isAccepted(String text) {
        AutoScanConfig config = apply(hourly(text));

        assertThat(config.firstScanAt()).isEqualTo(Instant.parse("2026-11-25T02:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        // error code, first scan, interval in seconds, timeout in seconds, scan_keys_count
        "INVALID_FIRST_SCAN_AT, 2026-11-24T10:00:00Z, 3600, 7200, 100", // is NOW, and must be later
        "INVALID_FIRST_SCAN_AT, 2020-01-01T00:00:00Z, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-11-25, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-13-25T00:00:00Z, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-11-24T10:30:00+01:00, 3600, 7200, 100", // is 09:30 in UTC
        "INVALID_FIRST_SCAN_AT, 2026-11-25T02:00:00+24:00, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-11-25T02:00:00+01, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-11-25T24:00:00Z, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-11-25T02:00:60Z, 3600, 7200, 100", // no leap second is at 02:00
        "INVALID_FIRST_SCAN_AT, 2026-11-25T02:00:00.Z, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-02-30T02:00:00Z, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 2026-11-25T02:00:00ZZ, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, 9999-12-31T23:59:60Z, 3600, 7200, 100", // is in the year 10000
        "INVALID_FIRST_SCAN_AT, 9999-12-31T23:59:59-00:01, 3600, 7200, 100", // is in the year 10000 in UTC
        "INVALID_FIRST_SCAN_AT, 2026-11-25T02:00:00+0100, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, '2026-11-25T02:00:00,5Z', 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, +12026-11-25T02:00:00Z, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, tomorrow, 3600, 7200, 100",
        "INVALID_FIRST_SCAN_AT, , 3600, 7200, 100",
        "INVALID_INTERVAL, 2026-11-25T02:00:00Z, -1, 7200, 100",
        "INVALID_INTERVAL, 2026-11-25T02:00:00Z, , 7200, 100",
        "INVALID_TIMEOUT, 2026-11-25T02:00:00Z, 3600, 7199, 100",
        "INVALID_TIMEOUT, 2026-11-25T02:00:00Z, 0, 1, 100",
        "INVALID_TIMEOUT, 2026-11-25T02:00:00Z, 0, 0, 100",
        "INVALID_TIMEOUT, 2026-11-25T02:00:00Z, 3600, , 100",
        "INVALID_TIMEOUT, 2026-11-25T02:00:00Z, 2147483647, 2147483647, 100",
        "INVALID_SCAN_KEYS_COUNT, 2026-11-25T02:00:00Z, 3600, 7200, 9",
        "INVALID_SCAN_KEYS_COUNT, 2026-11-25T02:00:00Z, 3600, 7200, 1001",
        "INVALID_SCAN_KEYS_COUNT, 2026-11-25T02:00:00Z, 3600, 7200, ",
    })
    void enabling_thatBreaksARule_isRefusedWithItsCode(
            ErrorCode code,
            @Nullable String first,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer count) {
        assertThatThrownBy(() -> apply(new AutoScanChange(/* enabled= */ true, first, interval, timeout, count)))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 10", "0, 5184000, 1000", "3600, 7200, 10", "2592000, 5184000, 1000"})
    void enabling_atTheLimits_isAccepted(int interval, int timeout, int count) {
        AutoScanConfig config = apply(new AutoScanChange(/* enabled= */ true, LATER, interval, timeout, count));
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(interval));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(timeout));
        assertThat(config.rateCeiling()).isEqualTo(200L * count);
    }

    @ParameterizedTest
    @CsvSource({"2026-12-31T23:59:60Z", "2026-12-31t23:59:60.5z", "2027-01-01T00:59:60+01:00"})
    void firstScanAt_inALeapSecond_becomesTheNextSecond(String text) {
        assertThat(apply(hourly(text)).firstScanAt()).isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void firstScanAt_ofADisabledScheduleOutsideTheYears0To9999_isRefused() {
        for (String text : new String[] {"0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59.999-00:01"}) {
            assertThatThrownBy(() -> apply(disabledAt(text)))
                    .as(text)
                    .isInstanceOfSatisfying(
                            RequestRefusedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIRST_SCAN_AT));
        }

        // These are the first and the last time that are accepted.
        for (String text : new String[] {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"}) {
            assertThat(apply(disabledAt(text)).firstScanAt()).isEqualTo(Instant.parse(text));
        }
    }

    @Test
    void change_withoutTheFieldEnabled_leavesANewScheduleDisabled() {
        AutoScanConfig config = apply(new AutoScanChange(
                /* enabled= */ null, LATER, /* interval= */ null, /* timeout= */ 7_200, /* scanKeysCount= */ null));
        assertThat(config.enabled()).isFalse();
        assertThat(config.timeout()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void change_withoutTheFieldEnabled_keepsAnEnabledScheduleEnabled() {
        // The change is at 12:00:30. The last start of the hourly schedule was due at 12:00.
        Instant timeOfChange = NOW.plusSeconds(7_230);
        AutoScanConfig before = apply(hourly(LATER)).withLastDue(Instant.parse("2026-11-24T12:00:00.001Z"));

        // A change of the speed does not change the times.
        AutoScanConfig slower = change(
                before, changeOf(/* interval= */ null, /* timeout= */ null, /* scanKeysCount= */ 10), timeOfChange);
        assertThat(slower.enabled()).isTrue();
        assertThat(slower.scanKeysCount()).isEqualTo(10);
        assertThat(slower.firstScanAt()).isEqualTo(before.firstScanAt());
        assertThat(slower.lastDue()).isEqualTo(before.lastDue());
        assertThat(slower.version()).isEqualTo(before.version() + 1);

        // By the new interval, a start was due at 12:00, which is in the past. It is treated as done.
        AutoScanConfig rarer = change(
                before,
                changeOf(/* interval= */ 7_200, /* timeout= */ 14_400, /* scanKeysCount= */ null),
                timeOfChange);
        assertThat(rarer.lastDue()).isEqualTo(Instant.parse("2026-11-24T12:00:00.001Z"));

        // The timeout that is kept does not fit the new interval.
        AutoScanChange intervalOnly = changeOf(/* interval= */ 7_200, /* timeout= */ null, /* scanKeysCount= */ null);
        assertThatThrownBy(() -> change(before, intervalOnly, timeOfChange))
                .hasMessageContaining("timeout is '7200', must be at least 14400 seconds");
    }

    @Test
    void nativeApi_reportsEveryBrokenRule_withItsOwnFieldNames() {
        AutoScanChange wrong = new AutoScanChange(
                /* enabled= */ true,
                "2020-01-01T00:00:00Z",
                /* interval= */ 0,
                /* timeout= */ 1,
                /* scanKeysCount= */ null);

        assertThatThrownBy(
                        () -> AutoScanRules.apply(INSTANCE, /* previous= */ null, wrong, NOW, AutoScanWording.NATIVE))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        e -> assertThat(e.problems())
                                .extracting(FieldProblem::sentence)
                                .containsExactly(
                                        "firstScanAt is '2020-01-01T00:00:00Z', must be later than " + NOW + ".",
                                        "timeoutSeconds is '1', must be at least 2 seconds.",
                                        "scanKeysCount is missing, must be 10 to 1000."));
    }

    @Test
    void disabling_withAFirstStartInThePast_isAccepted_andKeepsTheOtherValues() {
        AutoScanConfig enabled = apply(hourly(LATER));
        AutoScanConfig disabled = AutoScanRules.apply(
                INSTANCE,
                enabled,
                new AutoScanChange(
                        /* enabled= */ false,
                        "2020-01-01T00:00:00Z",
                        /* interval= */ null,
                        /* timeout= */ null,
                        /* scanKeysCount= */ 50),
                NOW.plusSeconds(60),
                AutoScanWording.DCS);

        assertThat(disabled.enabled()).isFalse();
        assertThat(disabled.version()).isEqualTo(enabled.version() + 1);
        assertThat(disabled.interval()).isEqualTo(Duration.ofHours(1));
        assertThat(disabled.scanKeysCount()).isEqualTo(50);
        assertThat(disabled.firstScanAt()).isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
    }

    /** Returns a change that enables a scan each hour. The timeout is twice the interval, the shortest allowed one. */
    private static AutoScanChange hourly(String firstScanAt) {
        return new AutoScanChange(
                /* enabled= */ true,
                firstScanAt,
                /* interval= */ 3_600,
                /* timeout= */ 7_200,
                /* scanKeysCount= */ 100);
    }

    /** Returns a change that only disables the schedule and sets its first start. */
    private static AutoScanChange disabledAt(String firstScanAt) {
        return new AutoScanChange(
                /* enabled= */ false,
                firstScanAt,
                /* interval= */ null,
                /* timeout= */ null,
                /* scanKeysCount= */ null);
    }

    /** Returns a change of these fields; null leaves a field as it is. */
    private static AutoScanChange changeOf(
            @Nullable Integer interval, @Nullable Integer timeout, @Nullable Integer scanKeysCount) {
        return new AutoScanChange(/* enabled= */ null, /* firstScanAt= */ null, interval, timeout, scanKeysCount);
    }

    /** Applies a change to an instance that has no schedule. */
    private static AutoScanConfig apply(AutoScanChange change) {
        return AutoScanRules.apply(INSTANCE, /* previous= */ null, change, NOW, AutoScanWording.DCS);
    }

    /** Applies a change to an existing schedule. */
    private static AutoScanConfig change(AutoScanConfig previous, AutoScanChange change, Instant now) {
        return AutoScanRules.apply(INSTANCE, previous, change, now, AutoScanWording.DCS);
    }
}
