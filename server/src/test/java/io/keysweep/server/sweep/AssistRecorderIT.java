package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.api.AssistView;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests on H2 and PostgreSQL which numbers of assist are stored if assist is refused or interrupted.
 *
 * <p>Assist raises server settings for a while, so that the server itself removes more expired keys. An attempt is the
 * claim of one worker on a sweep. A later attempt continues the assist of an earlier one.
 */
class AssistRecorderIT {

    private static final SweepKey KEY = new SweepKey(UUID.randomUUID(), /* round= */ 1, "127.0.0.1:6379");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void assist_refusedBeforeTheServerWasRead_hasNoNumbers(String dialect) {
        DataSource dataSource = dataSource(dialect);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        AssistRecorder recorder = new AssistRecorder(SweepTesting.claim(jdbc, storeWithSweep(dataSource, jdbc), KEY));

        recorder.begin();
        recorder.refuse(KEY.nodeId(), "it accepts no connection");

        assertThat(assistView(jdbc).ending()).isEqualTo("REFUSED");
        assertThat(assistView(jdbc).volatileKeysBefore()).isNull();
        assertThat(assistView(jdbc).volatileKeysAfter()).isNull();

        // Assist begins again, is cancelled, and stores its numbers. A refusal after that keeps them.
        recorder.begin();
        recorder.onEnded(AssistReports.ended(AssistEnding.CANCELLED, /* reclaimed= */ 30));
        recorder.refuse(KEY.nodeId(), "it accepts no connection");

        assertThat(assistView(jdbc).volatileKeysBefore()).isEqualTo(1_000);
        assertThat(assistView(jdbc).volatileKeysAfter()).isEqualTo(900);
        assertThat(assistView(jdbc).reclaimed()).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void assist_interruptedAndContinued_addsItsCountsAndEndsOnce(String dialect) {
        DataSource dataSource = dataSource(dialect);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        SweepStore sweeps = storeWithSweep(dataSource, jdbc);

        // The first attempt is interrupted.
        AssistRecorder interrupted = new AssistRecorder(SweepTesting.claim(jdbc, sweeps, KEY));
        interrupted.begin();
        interrupted.onEnded(AssistReports.ended(AssistEnding.CANCELLED, /* reclaimed= */ 30));

        assertThat(interrupted.isAssistComplete()).isFalse();

        // Once the second attempt exists, the first attempt can no longer store anything.
        AssistRecorder second = new AssistRecorder(SweepTesting.claim(jdbc, sweeps, KEY));
        second.begin();

        assertThatThrownBy(() -> interrupted.onEnded(AssistReports.ended(AssistEnding.LITTLE_LEFT, /* reclaimed= */ 9)))
                .isInstanceOf(SupersededException.class);

        // The second attempt completes the assist. Each attempt has raised the settings for 2 s.
        second.onEnded(AssistReports.ended(AssistEnding.LITTLE_LEFT, /* reclaimed= */ 12));

        assertThat(second.isAssistComplete()).isTrue();
        assertThat(assistView(jdbc).reclaimed()).isEqualTo(42);
        assertThat(assistView(jdbc).raisedMs()).isEqualTo(4_000);
        assertThat(assistView(jdbc).ending()).isEqualTo("LITTLE_LEFT");
        // AssistReports reports that hz has its former value 10 again.
        assertThat(assistView(jdbc).settings()).isEqualTo("hz 10 is back");
        assertThat(assistView(jdbc).volatileKeysBefore()).isEqualTo(1_000);
    }

    private DataSource dataSource(String dialect) {
        return TestDatabase.create(dialect, folder);
    }

    /** Returns a store in which the sweep waits. */
    private static SweepStore storeWithSweep(DataSource dataSource, JdbcClient jdbc) {
        SweepTesting.insertScan(jdbc, KEY.scanId());
        SweepStore sweeps = SweepTesting.store(dataSource, new ManualClock());
        sweeps.insert(SweepRecord.waiting(KEY.scanId(), /* round= */ 1, KEY.nodeId(), SlotSet.ALL));
        return sweeps;
    }

    /** Returns the assist as it is stored. */
    private static AssistView assistView(JdbcClient jdbc) {
        return Objects.requireNonNull(
                new AssistHistory(jdbc).of(List.of(KEY.scanId())).get(KEY));
    }
}
