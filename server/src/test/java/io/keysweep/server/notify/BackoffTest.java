package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests how long the service waits before it repeats a failed delivery of a webhook.
 *
 * <p>The wait follows from {@link Backoff}, or from the header {@code Retry-After}, which {@link WebhookCall} reads.
 */
class BackoffTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** The random number from 0 to 1 with which a delay is neither shortened nor lengthened. */
    private static final double UNVARIED = 0.5;

    @ParameterizedTest
    @CsvSource({"1, PT5S", "2, PT5M", "3, PT30M", "4, PT2H", "5, PT5H", "6, PT10H"})
    void nextDelay_growsWithEachAttempt_andVariesByAFifth(int attempts, Duration delay) {
        assertThat(Backoff.nextDelay(attempts, /* retryAfter= */ null, UNVARIED))
                .contains(delay);
        assertThat(Backoff.nextDelay(attempts, /* retryAfter= */ null, /* random= */ 0))
                .contains(delay.multipliedBy(4).dividedBy(5));
        assertThat(Backoff.nextDelay(attempts, /* retryAfter= */ null, /* random= */ 1))
                .contains(delay.multipliedBy(6).dividedBy(5));
    }

    @Test
    void nextDelay_afterTheLastAttempt_isEmpty() {
        assertThat(Backoff.nextDelay(Backoff.MAX_ATTEMPTS, /* retryAfter= */ null, UNVARIED))
                .isEmpty();
        assertThat(Backoff.nextDelay(Backoff.MAX_ATTEMPTS, Duration.ofSeconds(1), UNVARIED))
                .isEmpty();
    }

    @Test
    void nextDelay_withRetryAfter_isTheLongerOfBothDelays_andAtMostADay() {
        // The regular delay is 5 s after the first attempt, and 5 min after the second.
        assertThat(Backoff.nextDelay(/* attempts= */ 1, Duration.ofMinutes(2), UNVARIED))
                .contains(Duration.ofMinutes(2));
        assertThat(Backoff.nextDelay(/* attempts= */ 2, Duration.ofMinutes(2), UNVARIED))
                .contains(Duration.ofMinutes(5));
        assertThat(Backoff.nextDelay(/* attempts= */ 1, Duration.ofDays(30), UNVARIED))
                .contains(Backoff.MAX_RETRY_AFTER);
        assertThat(Backoff.nextDelay(/* attempts= */ 1, Duration.ofSeconds(-5), UNVARIED))
                .contains(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // text of the header, delay ("-" for none)
                "120, PT2M",
                "0, PT0S",
                "'Thu, 01 Jan 2026 00:05:00 GMT', PT5M",
                "'Wed, 31 Dec 2025 23:59:00 GMT', PT-1M",
                "'', -",
                "soon, -",
                "-3, -",
                "99999999999999999999, -",
            })
    void retryAfter_ofSecondsOrADate_isTheDelay_andAnyOtherTextIsIgnored(String text, Duration delay) {
        assertThat(WebhookCall.retryAfter(text, NOW)).isEqualTo(delay);
    }
}
