package io.keysweep.server.console.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AdviceView;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the commands that the advice offers, and when the page shows a sentence instead of a button. */
final class AdviceOfferTest {

    @Test
    void commands_ofAnAdviceWithTwoSettings_areOneForEachSetting() {
        AdviceView.Option option = new AdviceView.Option(
                "SETTING",
                /* expectedBacklog= */ 1L,
                /* serverSecondsPerDay= */ 1,
                /* longestPauseMillis= */ 4.3,
                "active-expire-effort 10, hz 100",
                /* intervalSeconds= */ null,
                /* enough= */ true);
        AdviceView advice = new AdviceView(
                "SETTING",
                "-",
                /* basis= */ null,
                /* toleratedBacklog= */ 1_000,
                /* inflowKnown= */ true,
                /* inflowPerSecond= */ 1.0,
                /* settingsRefused= */ false,
                /* expiryOff= */ false,
                List.of(option));

        assertThat(AdviceOffer.of(AdviceOffer.OfferKind.COMMAND, advice).commands())
                .containsExactly("CONFIG SET active-expire-effort 10", "CONFIG SET hz 100");
    }

    @Test
    void offerOfAScan_toACallerWhoMayNotScan_isASentence() {
        AdviceView advice = new AdviceView(
                "FULL_SWEEP",
                "-",
                /* basis= */ null,
                /* toleratedBacklog= */ 1_000,
                /* inflowKnown= */ true,
                /* inflowPerSecond= */ 1.0,
                /* settingsRefused= */ false,
                /* expiryOff= */ false,
                List.of());

        assertThat(AdviceOffer.of(AdviceOffer.OfferKind.SCAN, advice)
                        .onlyIf(/* isAllowed= */ false)
                        .isSentence())
                .isTrue();
    }
}
