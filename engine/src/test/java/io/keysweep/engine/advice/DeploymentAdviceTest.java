package io.keysweep.engine.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests how the advice for the servers of a deployment becomes one advice. */
final class DeploymentAdviceTest {

    @Test
    void options_thatAllServersOfADeploymentHave_areAddedUp() {
        Advice adviceForQuietServer =
                Advice.of(Situations.of(1_000_000, 100_000, 500, /* inflow= */ 0.001, SettingsAccess.MISSING));
        Advice adviceForBusyServer =
                Advice.of(Situations.of(10_000_000, 9_000_000, 500_000, /* inflow= */ 20.0, SettingsAccess.MISSING));

        Advice combinedAdvice = Advice.ofAll(List.of(adviceForQuietServer, adviceForBusyServer));

        // A backlog of 2 % of the 11,000,000 keys is tolerated.
        assertThat(combinedAdvice.toleratedBacklog()).isEqualTo(220_000);
        assertThat(combinedAdvice.action()).isEqualTo(AdvisedAction.PASSES);
        assertThat(combinedAdvice.options().getFirst().interval()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void setting_forAllServersOfADeployment_isTheHighestAndNotTheMostExpensive() {
        Option low = setting("active-expire-effort 2", /* serverSecondsPerDay= */ 900);
        Option high = setting("active-expire-effort 10", /* serverSecondsPerDay= */ 5);
        Option highest = setting("active-expire-effort 10, hz 100", /* serverSecondsPerDay= */ 1);

        assertThat(settingForAll(low, high)).isEqualTo("active-expire-effort 10");
        assertThat(settingForAll(highest, low, high)).isEqualTo("active-expire-effort 10, hz 100");
        // Each value is enough for its server.
        assertThat(settingForAll(high, setting("active-expire-effort 3, hz 100", /* serverSecondsPerDay= */ 5)))
                .isEqualTo("active-expire-effort 10, hz 100");
    }

    /** Returns the option to change a setting, which costs some seconds of the server's time per day. */
    private static Option setting(String setting, double serverSecondsPerDay) {
        return new Option(
                AdvisedAction.SETTING,
                /* expectedBacklog= */ 10L,
                serverSecondsPerDay,
                /* longestPauseMillis= */ 1.0,
                setting,
                /* interval= */ null,
                /* enough= */ true);
    }

    /** Returns the setting that is advised for a deployment, if one of the options is advised for each server. */
    private static @Nullable String settingForAll(Option... options) {
        return Advice.ofAll(Stream.of(options)
                        .map(option -> new Advice(
                                option.action(),
                                /* sentence= */ "",
                                /* basis= */ "",
                                /* toleratedBacklog= */ 1_000,
                                /* inflowPerSecond= */ 1.0,
                                /* settingsRefused= */ false,
                                /* expiryOff= */ false,
                                List.of(option)))
                        .toList())
                .options()
                .getFirst()
                .setting();
    }
}
