package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.Ending;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import io.keysweep.engine.assist.SettingOutcome.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how a scan ends that only assists, and what users read about the settings. */
final class AssistPhaseTest {

    @ParameterizedTest
    @EnumSource(Ending.class)
    void failure_ofEachEnding_isNullOnlyIfLittleOrNothingIsLeft(Ending ending) {
        String failure = AssistPhase.failure(AssistReports.ended(ending, 7), Duration.ofMinutes(2));
        switch (ending) {
            case NOTHING_LEFT, LITTLE_LEFT -> assertThat(failure).isNull();
            case TIMED_OUT -> assertThat(failure).isEqualTo("Timed out after 120 s; what was reclaimed stays counted.");
            default -> assertThat(failure).isEqualTo("Assist ended: the reason.");
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void outcomes_ofEachState_nameTheSettingAndItsValue(State state) {
        SettingOutcome outcome = new SettingOutcome(new SettingChange("hz", "10", "500"), "20", state);
        assertThat(AssistRecorder.outcomes(List.of(outcome)))
                .isEqualTo(
                        switch (state) {
                            case RESTORED -> "hz 10 is back";
                            case LEFT_TO_OTHERS -> "hz was set to 20 by another client";
                            case STILL_RAISED -> "hz may still be 500 (before: 10)";
                        });
    }
}
