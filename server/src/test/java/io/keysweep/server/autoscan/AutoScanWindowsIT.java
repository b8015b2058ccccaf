package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.autoscan.Start.Outcome;
import io.keysweep.server.window.TestGates;
import io.keysweep.server.window.WindowGate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which starts of automatic scans the windows and the spread of a project skip or delay. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AutoScanWindowsIT extends AutoScanTestCase {

    private final String dialect;

    @TempDir
    private Path folder;

    AutoScanWindowsIT(String dialect) {
        this.dialect = dialect;
    }

    @Override
    DataSource dataSource() {
        return TestDatabase.create(dialect, folder);
    }

    @Test
    void start_outsideTheWindows_happensAtTheNextOpeningInItsTimeZone() {
        // The windows open at 03:30 on Saturdays and at 04:00 on Sundays, in Berlin.
        simulation.setGates(id -> TestGates.of(id, """
                {"timeZone":"Europe/Berlin","windows":[{"days":["saturday"],"from":"03:30","until":"06:00"},
                {"days":["sunday"],"from":"04:00","until":"06:00"}]}"""));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(Instant.parse("2026-04-06T00:00:00Z"));

        // The starts are daily at 01:30 UTC. The windows leave nine Saturdays and nine Sundays, in winter and summer.
        List<Instant> starts = simulation.takeStarted();
        assertThat(starts)
                .hasSize(18)
                .startsWith(Instant.parse("2026-02-07T02:30:00Z"), Instant.parse("2026-02-08T03:00:00Z"));
        assertThat(starts).endsWith(Instant.parse("2026-04-04T01:30:00Z"), Instant.parse("2026-04-05T02:00:00Z"));
        assertThat(simulation.recorded()).hasSize(18).allMatch(start -> start.outcome() == Outcome.STARTED);
    }

    @Test
    void windows_thatOpenDuringTheDecision_startTheScan() {
        AtomicInteger readCount = new AtomicInteger();
        String never = "{\"windows\":[{\"days\":[\"wednesday\"],\"from\":\"00:00\",\"until\":\"00:01\"}]}";

        // The windows change right after the task has read them. The task runs then, so a wake-up has no effect.
        simulation.setGates(id -> readCount.getAndIncrement() == 0 ? TestGates.of(id, never) : WindowGate.open(id));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plusSeconds(1));

        assertThat(simulation.takeStarted()).containsExactly(FIRST_START);
    }

    @Test
    void start_outsideAWindowThatEndsSweeps_isSkipped_withTheReason() {
        // The window is the whole Wednesday, so one of seven daily starts is inside it.
        simulation.setGates(id -> TestGates.of(id, """
                {"windows":[{"days":["wednesday"],"from":"00:00","until":"00:00"}],"outside":"end"}"""));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY.multipliedBy(6)));
        assertThat(simulation.takeStarted()).containsExactly(Instant.parse("2026-02-04T01:30:00Z"));
        assertThat(simulation.recorded())
                .filteredOn(start -> start.outcome() == Outcome.SKIPPED)
                .hasSize(6)
                .allSatisfy(start ->
                        assertThat(start.reason()).startsWith("outside the project's windows, closed until 2026-02-"));
    }

    @Test
    void spread_delaysEveryStartByTheSameTime_andItsChangeRepeatsNoStart() {
        // The spread of one hour delays each start of the instance by the same part of an hour.
        simulation.setGates(id -> TestGates.of(id, "{\"spreadMinutes\":60}"));
        Duration delay =
                TestGates.of(simulation.instanceId(), "{\"spreadMinutes\":60}").startDelay();
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY).plus(Duration.ofHours(2)));

        assertThat(simulation.takeStarted())
                .containsExactly(FIRST_START.plus(delay), FIRST_START.plus(DAY).plus(delay));

        // With the new spread of one day, the second start would be due again later. It is not repeated.
        simulation.setGates(id -> TestGates.of(id, "{\"spreadMinutes\":1440}"));
        simulation.changeWindows();
        simulation.runUntil(FIRST_START.plus(DAY.multipliedBy(2)));

        assertThat(simulation.takeStarted()).isEmpty();

        Duration longer = TestGates.of(simulation.instanceId(), "{\"spreadMinutes\":1440}")
                .startDelay();
        simulation.runUntil(FIRST_START.plus(DAY.multipliedBy(3)));

        assertThat(simulation.takeStarted())
                .containsExactly(FIRST_START.plus(DAY.multipliedBy(2)).plus(longer));
    }
}
