package io.keysweep.server.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests that a changed interval between rounds of forecasts takes effect when the service restarts. A round makes
 * forecasts of all instances.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ForecastTaskIT {

    private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
    private static final Duration WEEK = Duration.ofHours(168);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final String dialect;
    private final SettableClock clock = new SettableClock();
    private DataSource dataSource;

    /** The number of rounds so far. */
    private int rounds;

    ForecastTaskIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void createDatabase() {
        dataSource = TestDatabase.create(dialect, folder);
        clock.set(NOW);
    }

    @Test
    void interval_thatIsShorterAfterARestart_appliesToTheNextRound() {
        start(WEEK).runAnyDueExecutions();
        assertThat(rounds).isEqualTo(1);
        assertThat(dueRounds()).containsExactly(NOW.plus(WEEK));

        clock.tick(Duration.ofMinutes(5));
        start(HOUR);

        assertThat(dueRounds()).containsExactly(clock.now().plus(HOUR));

        // A further restart does not postpone the round.
        clock.tick(Duration.ofMinutes(5));
        start(HOUR);
        assertThat(dueRounds()).containsExactly(NOW.plus(Duration.ofMinutes(5)).plus(HOUR));
    }

    @Test
    void interval_thatIsZeroAfterARestart_removesTheRound() {
        start(WEEK).runAnyDueExecutions();
        start(Duration.ZERO);

        assertThat(dueRounds()).isEmpty();
    }

    /** A process that was killed during a round leaves it as running, so the next start cannot remove it. */
    @Test
    void round_dueAlthoughForecastsAreSwitchedOff_isRemovedWithoutAForecast() {
        ManualScheduler scheduler = start(Duration.ZERO);
        scheduler.scheduleIfNotExists(task(Duration.ZERO).instance(RecurringTask.INSTANCE), NOW);
        scheduler.runAnyDueExecutions();

        assertThat(rounds).isZero();
        assertThat(dueRounds()).isEmpty();
    }

    /** Starts a process with an interval between rounds; zero for no rounds. */
    private ManualScheduler start(Duration interval) {
        return TestHelper.createManualScheduler(dataSource, List.of())
                .clock(clock)
                .alwaysPersistTimestampInUTC()
                .startTasks(List.of(task(interval)))
                .start();
    }

    private RecurringTask<Void> task(Duration interval) {
        return ForecastTask.task(interval, (instance, context) -> rounds++);
    }

    /** Returns when the stored rounds are due. */
    private List<Instant> dueRounds() {
        return JdbcClient.create(dataSource)
                .sql("select execution_time from scheduled_tasks where task_name = 'forecasts'")
                .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .list();
    }
}
