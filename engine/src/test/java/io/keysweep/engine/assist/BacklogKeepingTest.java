package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests on a simulated server that assist keeps the backlog below a limit while keys expire all the time.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. The backlog
 * is the number of dead keys: expired keys that are still in memory. {@code server} is a {@link SimulatedExpiryServer}.
 */
final class BacklogKeepingTest extends AssistTestCase {

    /** The keys that expire per second if assist can keep the backlog at 1 % of the keys with a TTL. */
    private static final double BEARABLE_INFLOW = 3_000;

    @Test
    void keepWithin_asManyExpireAsAreReclaimed_keepsTheBacklogBelowTheLimitUntilTheMaximumDuration() throws Exception {
        server.inflow = BEARABLE_INFLOW;
        // The highest backlog from second 30 on, when assist has had time to reduce it.
        double[] highestBacklog = {0};
        server.tick = () -> highestBacklog[0] = seconds() > 30 ? Math.max(highestBacklog[0], server.dead) : 0;

        AssistReport report = keepWithin(new BacklogLimit(20_000, Duration.ofMinutes(2)));

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.reason()).isEqualTo("it has kept the backlog at 20,000 dead keys or fewer for 120 s");
        assertThat(report.elapsed()).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(122));
        assertThat(highestBacklog[0]).isLessThan(20_000);
        assertFormerSettings();
    }

    @Test
    void keepWithin_backlogStaysAboveTheLimit_endsAsNotFalling() throws Exception {
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = keepWithin(new BacklogLimit(100, Duration.ofMinutes(2)));

        assertThat(report.ending()).isEqualTo(AssistEnding.NOT_FALLING);
        assertThat(report.reason()).startsWith("the backlog no longer falls");
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(60));
        assertFormerSettings();
    }

    @Test
    void keepWithin_connectionBreaks_keepsTheMaximumDuration() throws Exception {
        server.inflow = BEARABLE_INFLOW;
        boolean[] isBroken = {false};
        server.tick = () -> {
            if (!isBroken[0] && seconds() > 60 && server.raised()) {
                isBroken[0] = true;
                server.breakLinks();
            }
        };

        AssistReport report = keepWithin(new BacklogLimit(20_000, Duration.ofMinutes(2)));

        assertThat(report.reason()).startsWith("it has kept the backlog at 20,000 dead keys or fewer");
        assertThat(report.elapsed()).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(132));
        assertFormerSettings();
    }

    @Test
    void keepWithin_inflowEnds_endsAsLittleLeft() throws Exception {
        server.inflow = BEARABLE_INFLOW;
        server.tick = () -> server.inflow = seconds() > 30 ? 0 : server.inflow;

        AssistReport report = keepWithin(new BacklogLimit(20_000, Duration.ofMinutes(2)));

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.elapsed()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(90));
        assertFormerSettings();
    }

    @Test
    void keepWithin_backlogRisesAboveTheLimitLater_endsSoon() throws Exception {
        server.inflow = BEARABLE_INFLOW;
        // From second 30 on, more keys expire than the server's expiry can reclaim in a quarter of the server's time.
        server.tick = () -> server.inflow = seconds() > 30 ? 300_000 : server.inflow;

        AssistReport report = keepWithin(new BacklogLimit(20_000, Duration.ofMinutes(2)));

        assertThat(report.ending()).isEqualTo(AssistEnding.NOT_FALLING);
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(90));
        assertFormerSettings();
    }
}
