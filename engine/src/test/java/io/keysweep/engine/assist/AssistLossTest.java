package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingOutcome.State;
import org.junit.jupiter.api.Test;

/**
 * Tests on a simulated server what assist does when it loses the connection or the server.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
final class AssistLossTest extends AssistTestCase {

    @Test
    void assist_connectionBreaksOnce_continuesOverANewOne() throws Exception {
        server.dead = 2_000_000;
        breakLinkAfter(1);

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.reclaimed()).isGreaterThan(1_990_000L);
        assertFormerSettings();
    }

    @Test
    void assist_connectionBreaksAgainAndAgain_endsAsLostWithFormerSettings() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        server.tick = () -> {
            if (server.raised() && seconds() % 1 > 0.5) {
                server.breakLinks();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
        assertFormerSettings();
    }

    @Test
    void assist_refusedAfterABrokenConnection_isLostAndReportsItsSettings() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        breakLinkAfter(1);
        // The settings can be restored over the new connection, but not tested again.
        server.before = (number, command) -> server.configDenied = seconds() > 1
                && !server.raised()
                && command.words().contains("SET")
                && command.words()
                        .getLast()
                        .equals(server.settings.get(command.words().get(2)));

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
        assertThat(report.reason()).contains("NOPERM");
        assertThat(report.settings()).hasSize(3).allMatch(setting -> setting.state() == State.RESTORED);
        assertFormerSettings();
    }

    /** Breaks all connections once, at a time when the settings are raised. */
    private void breakLinkAfter(double second) {
        boolean[] isBroken = {false};
        server.tick = () -> {
            if (!isBroken[0] && seconds() > second && server.raised()) {
                isBroken[0] = true;
                server.breakLinks();
            }
        };
    }

    @Test
    void assist_serverBecomesReplica_endsWithFormerSettings() throws Exception {
        server.before = (number, command) -> server.role = seconds() > 0.6 ? "slave" : "master";

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
        assertFormerSettings();
    }
}
