package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.sweep.HoldHistory.HeldFor;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests the recorded times for which sweeps are on hold, on both databases, with a clock that the test sets.
 *
 * <p>A hold is a time without steps. Its reason is, for example, a pause or a busy server.
 */
class HoldHistoryIT {

    private static final SweepKey KEY = new SweepKey(UUID.randomUUID(), /* round= */ 1, "127.0.0.1:6379");

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void holds_whoseReasonsDifferInNumbersOnly_areSummedUp(String dialect) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        SweepStore sweeps = storeWithSweep(dataSource, jdbc);
        SweepAttempt superseded = SweepTesting.claim(jdbc, sweeps, KEY);
        SweepAttempt attempt = SweepTesting.claim(jdbc, sweeps, KEY);

        // The replica lags for 3 s. Then a user pauses the scan for 20 s.
        assertThatThrownBy(() -> superseded.recordHold("server unreachable")).isInstanceOf(SupersededException.class);

        attempt.recordHold("replica lags by 12 MB");
        clock.advance(Duration.ofSeconds(3));
        attempt.recordHold("paused by 0ANN7: nightly backup");
        clock.advance(Duration.ofSeconds(10));

        assertThatThrownBy(() -> superseded.recordHoldEnd()).isInstanceOf(SupersededException.class);

        clock.advance(Duration.ofSeconds(10));
        attempt.recordHoldEnd();

        // The sweep works for 100 s. Then the replica lags for 4 s, and the server is unreachable for 1 s.
        clock.advance(Duration.ofSeconds(100));
        attempt.recordHold("replica lags by 7 MB");
        clock.advance(Duration.ofSeconds(4));
        attempt.recordHoldEnd();
        attempt.recordHoldEnd();
        attempt.recordHold("127.0.0.1:6379 refuses connections");
        clock.advance(Duration.ofSeconds(1));
        attempt.recordHoldEnd();

        assertThat(new HoldHistory(jdbc).of(KEY.scanId()))
                .containsExactly(
                        new HeldFor("paused by 0ANN7", /* times= */ 1, Duration.ofSeconds(20)),
                        new HeldFor("replica lags by", /* times= */ 2, Duration.ofSeconds(7)),
                        new HeldFor("127.0.0.1:6379 refuses connections", /* times= */ 1, Duration.ofSeconds(1)));
    }

    @Test
    void hold_ofACancelledScan_endsWithTheScan() {
        DataSource dataSource = TestDatabase.h2(folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        SweepStore sweeps = storeWithSweep(dataSource, jdbc);
        SweepTesting.claim(jdbc, sweeps, KEY).recordHold("waits for its budget: 1 of 1 sweeps run in all");
        clock.advance(Duration.ofSeconds(5));

        // The scan is cancelled after 5 s. A second call does not prolong the hold.
        sweeps.abandon(KEY.scanId(), "Cancelled by ann");
        clock.advance(Duration.ofSeconds(5));
        sweeps.abandon(KEY.scanId(), "Cancelled by ann");

        assertThat(new HoldHistory(jdbc).of(KEY.scanId()))
                .containsExactly(new HeldFor("waits for its budget", /* times= */ 1, Duration.ofSeconds(5)));
    }

    /** Returns a store in which the sweep waits. */
    private SweepStore storeWithSweep(DataSource dataSource, JdbcClient jdbc) {
        SweepTesting.insertScan(jdbc, KEY.scanId());
        SweepStore sweeps = SweepTesting.store(dataSource, clock);
        sweeps.insert(SweepRecord.waiting(KEY.scanId(), /* round= */ 1, KEY.nodeId(), SlotSet.ALL));
        return sweeps;
    }
}
