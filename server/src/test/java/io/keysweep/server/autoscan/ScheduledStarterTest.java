package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.window.WindowGate;
import io.keysweep.testkit.ManualClock;
import io.keysweep.testkit.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests when a schedule starts scans and when it skips a start, with a simulated clock and the real store.
 *
 * <p>The first start is due 60 s after the beginning of each test, and the next ones every 24 hours after it.
 */
class ScheduledStarterTest {

    private static final Duration INTERVAL = Duration.ofHours(24);

    /** The time from the beginning of a test until the first start is due. */
    private static final Duration UNTIL_FIRST_START = Duration.ofSeconds(60);

    private final ManualClock clock = new ManualClock();
    private final List<Instant> starts = new ArrayList<>();
    private final List<Object> events = new ArrayList<>();
    private StartCheck.StartDecision decision = new StartCheck.StartDecision(/* starts= */ true, "due");
    private boolean scanActive;
    private AutoScanStore store;
    private ScheduledStarter starter;
    private AutoScanConfig config;
    private DataSource dataSource;

    @BeforeEach
    void open(@TempDir Path folder) {
        dataSource = TestDatabase.h2(folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        UUID instanceId = UUID.randomUUID();
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1:1', current_timestamp)")
                .param(instanceId)
                .update();

        // Store the schedule of the instance in the database.
        store = new AutoScanStore(jdbc);
        config = AutoScanRules.apply(
                instanceId,
                /* previous= */ null,
                new AutoScanChange(
                        /* enabled= */ true,
                        /* firstScanAt= */ clock.instant()
                                .plus(UNTIL_FIRST_START)
                                .toString(),
                        /* interval= */ (int) INTERVAL.toSeconds(),
                        /* timeout= */ 2 * (int) INTERVAL.toSeconds(),
                        /* scanKeysCount= */ 100),
                clock.instant(),
                AutoScanWording.DCS);
        store.save(config);

        // The starter records the time of a start instead of creating a scan.
        starter = new ScheduledStarter(
                store,
                new StartStore(jdbc, events::add),
                new InstanceStore(jdbc, new SecretBox(MasterKey.of(new byte[32])), event -> {}),
                WindowGate::open,
                instance -> decision,
                new ScanLauncher() {
                    @Override
                    public boolean isScanActive(UUID id) {
                        return scanActive;
                    }

                    @Override
                    public UUID launch(
                            Instance instance,
                            @Nullable AutoScanConfig scanConfig,
                            Start.Cause cause,
                            String reason,
                            @Nullable PassLimits pass) {
                        starts.add(clock.instant());
                        return UUID.randomUUID();
                    }
                },
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                clock);
    }

    @Test
    void starts_overAYear_areEveryIntervalFromTheFirst() {
        int days = 365;
        for (int day = 0; day < days; day++) {
            // The first call starts nothing, because no start is due. It returns when the next start is due.
            clock.advance(Duration.between(clock.instant(), startIfDue().orElseThrow()));
            startIfDue();
        }

        assertThat(starts).hasSize(days);
        for (int day = 0; day < days; day++) {
            assertThat(starts.get(day)).isEqualTo(firstStart().plus(INTERVAL.multipliedBy(day)));
        }
    }

    @Test
    void startIfDue_calledThreeTimesForTheSameStart_startsOneScan() {
        clock.advance(UNTIL_FIRST_START);
        startIfDue();
        startIfDue();
        clock.advance(Duration.ofSeconds(1));
        startIfDue();

        assertThat(starts).hasSize(1);
    }

    /** A start waits up to five minutes for the end of the previous scan. */
    @Test
    void start_whosePreviousScanEndsWithinFiveMinutes_happensAfterItsEnd() {
        clock.advance(UNTIL_FIRST_START);
        scanActive = true;

        assertThat(startIfDue()).contains(clock.instant().plus(ScheduledStarter.RETRY_DELAY));

        clock.advance(AutoScanSchedule.GRACE_PERIOD.minusSeconds(1));
        scanActive = false;

        assertThat(startIfDue()).contains(firstStart().plus(INTERVAL));
        assertThat(starts).containsExactly(clock.instant());
    }

    @Test
    void start_whosePreviousScanRunsForMoreThanFiveMinutes_isSkipped() {
        clock.advance(UNTIL_FIRST_START);
        scanActive = true;
        startIfDue();
        clock.advance(AutoScanSchedule.GRACE_PERIOD.plusSeconds(1));
        scanActive = false;

        assertThat(startIfDue()).contains(firstStart().plus(INTERVAL));
        assertThat(starts).isEmpty();
    }

    /** The id of a task contains the version of its schedule. Each change of the schedule makes a new version. */
    @Test
    void task_ofAnOlderVersionOfTheSchedule_startsNothing() {
        clock.advance(UNTIL_FIRST_START);
        store.save(AutoScanRules.apply(config.instanceId(), config, disable(), clock.instant(), AutoScanWording.DCS));
        starter.run(
                AutoScanTask.id(config),
                SchedulerClient.Builder.create(dataSource).build());

        assertThat(starts).isEmpty();
    }

    @Test
    void start_aboveItsThreshold_publishesThatTheThresholdIsPassed() {
        // Without a threshold, and below it, only the record of the start is published.
        clock.advance(UNTIL_FIRST_START);
        startIfDue();
        assertThat(starts).hasSize(1);

        decision = new StartCheck.StartDecision(/* starts= */ false, "below the threshold: 0.2 %");
        clock.advance(INTERVAL);
        startIfDue();

        assertThat(events).hasSize(2).allMatch(Start.class::isInstance);

        // Above the threshold, a second event follows.
        decision =
                new StartCheck.StartDecision(/* starts= */ true, /* thresholdPassed= */ true, "due; 12.0 % are dead");
        clock.advance(INTERVAL);
        startIfDue();

        assertThat(events).hasSize(4).last().isInstanceOfSatisfying(ThresholdPassed.class, passed -> {
            assertThat(passed.instanceId()).isEqualTo(config.instanceId());
            assertThat(passed.cause()).isEqualTo("schedule");
            assertThat(passed.outcome()).isEqualTo("started");
            assertThat(passed.reason()).isEqualTo("due; 12.0 % are dead");
            assertThat(passed.at()).isEqualTo(clock.instant());
        });
    }

    /** A change of the schedule locks the instance first, and the record of a skipped start refers to the instance. */
    @Test
    void skippedStart_whileTheScheduleIsBeingDisabled_isNotRecorded() throws Exception {
        clock.advance(UNTIL_FIRST_START);
        decision = new StartCheck.StartDecision(/* starts= */ false, "below the threshold");
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> skip = transaction.execute(status -> {
                JdbcClient jdbc = JdbcClient.create(dataSource);
                jdbc.sql("select id from instance where id = ? for update")
                        .param(config.instanceId())
                        .query(UUID.class)
                        .single();

                // The start is decided while this transaction has the lock of the instance.
                Future<?> started = threads.submit(this::startIfDue);
                Waits.await("the start waits for the change")
                        .failFast("the start was decided without a wait", started::isDone)
                        .until(() -> jdbc.sql(TestDatabase.H2_SESSIONS_THAT_WAIT)
                                        .query(Integer.class)
                                        .single()
                                > 0);

                // The transaction disables the schedule.
                store.save(AutoScanRules.apply(
                        config.instanceId(), config, disable(), clock.instant(), AutoScanWording.DCS));
                return started;
            });
            assertThat(skip).succeedsWithin(Duration.ofSeconds(30));
        }

        assertThat(events).as("the schedule no longer starts scans").isEmpty();
    }

    /** Starts a scan if a start is due, and returns when the schedule must be checked next. */
    private Optional<Instant> startIfDue() {
        return starter.startIfDue(store.find(config.instanceId()).orElseThrow());
    }

    /** Returns the change that disables the schedule. */
    private static AutoScanChange disable() {
        return new AutoScanChange(
                /* enabled= */ false,
                /* firstScanAt= */ null,
                /* interval= */ null,
                /* timeout= */ null,
                /* scanKeysCount= */ null);
    }

    /** Returns the first start of the schedule. */
    private Instant firstStart() {
        return Optional.ofNullable(config.firstScanAt()).orElseThrow();
    }
}
