package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.scan.HoldHistory.HeldFor;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How long sweeps were on hold, on both databases; time is owned. */
class HoldHistoryIT {

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void holds_areSummedByReason_whateverTheirFigures(String dialect) {
        DataSource dataSource = dialect.equals("h2") ? TestDatabase.h2(folder) : TestDatabase.postgres();
        JdbcClient jdbc = JdbcClient.create(dataSource);
        HoldHistory history = new HoldHistory(jdbc, clock);
        SweepKey key = sweep(jdbc);
        // An attempt that is none, as of a worker that was thought dead.
        history.note(key, 1, "server unreachable");
        history.note(key, 2, "replica lags by 12 MB");
        clock.advance(Duration.ofSeconds(3));
        history.note(key, 2, "paused by 0ANN7: nightly backup");
        clock.advance(Duration.ofSeconds(10));
        history.note(key, 1, null);
        clock.advance(Duration.ofSeconds(10));
        history.note(key, 2, null);
        clock.advance(Duration.ofSeconds(100));
        history.note(key, 2, "replica lags by 7 MB");
        clock.advance(Duration.ofSeconds(4));
        history.note(key, 2, null);
        history.note(key, 2, null);
        assertThat(history.of(key.scanId()))
                .containsExactly(
                        new HeldFor("paused by 0ANN7", 1, Duration.ofSeconds(20)),
                        new HeldFor("replica lags by", 2, Duration.ofSeconds(7)));
    }

    private static SweepKey sweep(JdbcClient jdbc) {
        UUID instanceId = UUID.randomUUID();
        SweepKey key = new SweepKey(UUID.randomUUID(), 1, "127.0.0.1:6379");
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://h', current_timestamp)")
                .param(instanceId)
                .update();
        jdbc.sql("insert into scan (id, instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, 'auto', 'running', 60, current_timestamp)")
                .params(key.scanId(), instanceId)
                .update();
        jdbc.sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,"
                        + " expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)"
                        + " values (?, 1, ?, '0-16383', 0, 2, false, 0, 0, 0, true, true, true, 0, 0)")
                .params(key.scanId(), key.nodeId())
                .update();
        return key;
    }
}
