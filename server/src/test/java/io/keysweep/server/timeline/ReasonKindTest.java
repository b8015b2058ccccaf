package io.keysweep.server.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that reasons of holds that differ only in their figures get the same kind.
 *
 * <p>A kind keeps the names of callers and servers.
 */
class ReasonKindTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A kind ends before the next figure.
                "replica lags by 12 MB | replica lags by",
                "replica lags by 12MB, more than 4MB | replica lags by",
                "callers wait 9.0 ms for the server | callers wait",
                "others keep the server busy for 91 % of the time, more than 90 % | others keep the server busy",
                "a replica has confirmed nothing for 12 s, more than 10 s | a replica has confirmed nothing",
                "a:1 accepts connections but has sent nothing for 5 s: it is no Redis"
                        + " | a:1 accepts connections but has sent nothing",

                // A figure at the beginning is left out.
                "1,234 keys were evicted | keys were evicted",

                // A kind ends before a colon that a space follows.
                "paused by 0ANN7: nightly backup | paused by 0ANN7",
                "all projects held by EKA1B2: incident 7 | all projects held by EKA1B2",
                "waits for its budget: 1 of 1 sweeps run in all | waits for its budget",
                "reconnecting: connection broke | reconnecting",
                "10.0.0.5:6379 broke the connection repeatedly: reset | 10.0.0.5:6379 broke the connection repeatedly",

                // An address is no figure, and is kept.
                "127.0.0.1:6379 refuses connections | 127.0.0.1:6379 refuses connections",
                "127.0.0.1 refuses connections | 127.0.0.1 refuses connections",
                "[::1]:6379 is still loading its data set (LOADING); try again later"
                        + " | [::1]:6379 is still loading its data set (LOADING); try again later",

                // Four kinds that would be incomplete are completed.
                "a replica is 9.0 MiB behind, more than 8.0 MiB | a replica is behind",
                "one client has 33.0 MiB of unread output, more than 32.0 MiB | one client has unread output",
                "the server evicts 1,200 keys a second, more than 0 keys a second | the server evicts keys",
                "the server runs 90,000 commands a second, more than 80,000 | the server runs many commands"
            })
    void of_aReason_hasNoFiguresAndNoExplanation(String reason, String kind) {
        assertThat(ReasonKind.of(reason)).isEqualTo(kind);
    }
}
