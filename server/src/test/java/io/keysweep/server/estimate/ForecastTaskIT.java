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

/** Tests that a change of the interval between rounds of forecasts applies from the next start on. */
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
    private int rounds;

    ForecastTaskIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void createDatabase() {
        dataSource = dialect.equals("h2") ? TestDatabase.h2(folder) : TestDatabase.postgres();
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

        // Restarts do not put the round off.
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

    /** The round of a killed process stays at the start, and is due again later. */
    @Test
    void round_thatIsDueAlthoughThereAreNone_makesNoForecastAndIsRemoved() {
        ManualScheduler scheduler = start(Duration.ZERO);
        scheduler.scheduleIfNotExists(task(Duration.ZERO).instance(RecurringTask.INSTANCE), NOW);
        scheduler.runAnyDueExecutions();
        assertThat(rounds).isZero();
        assertThat(dueRounds()).isEmpty();
    }

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

    private List<Instant> dueRounds() {
        return JdbcClient.create(dataSource)
                .sql("select execution_time from scheduled_tasks where task_name = 'forecasts'")
                .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .list();
    }
}
