package io.keysweep.server.sweep;

import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import io.keysweep.engine.assist.SettingOutcome.State;
import java.time.Duration;
import java.util.List;

/** Makes reports of assist for tests. */
final class AssistReports {

    private AssistReports() {}

    /** Returns the report of an assist that has changed {@code hz} and put it back. */
    static AssistReport ended(AssistEnding ending, long reclaimed) {
        return new AssistReport(
                "127.0.0.1:6379",
                ending,
                "the reason",
                reclaimed,
                "expired_keys",
                /* elapsed= */ Duration.ofSeconds(3),
                /* raisedFor= */ Duration.ofSeconds(2),
                /* serverBusy= */ Duration.ofSeconds(1),
                /* stalePercentBefore= */ 9.0,
                /* stalePercentAfter= */ 0.5,
                /* volatileKeysBefore= */ 1_000,
                /* volatileKeysAfter= */ 900,
                /* estimatedLeft= */ 5L,
                List.of(new SettingOutcome(new SettingChange("hz", "10", "500"), "10", State.RESTORED)));
    }
}
