package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests the text that describes the estimate of dead keys, which decides whether a scan starts. */
class BacklogCheckTest {

    private static final StartPolicy POLICY = new StartPolicy(
            /* deadPercent= */ 10.0,
            /* deadMegabytes= */ 5.0,
            /* samplePrimary= */ false,
            /* memoryPercent= */ null,
            /* evictions= */ false,
            Duration.ofHours(1),
            /* backlogTarget= */ null);

    @Test
    void figures_ofAnEstimate_areRoundedDown_andNameTheThresholds() {
        assertThat(BacklogCheck.figures(POLICY, /* percent= */ 9.99, /* megabytes= */ 3.19))
                .isEqualTo("9.9 % of the keys with a TTL are dead (threshold 10.0 %), holding 3.1 MiB"
                        + " (threshold 5.0 MiB)");
    }

    @Test
    void figures_ofKeysOfUnknownSize_sayThatTheMemoryIsUnknown() {
        assertThat(BacklogCheck.figures(POLICY, /* percent= */ 12.5, /* megabytes= */ null))
                .isEqualTo("12.5 % of the keys with a TTL are dead (threshold 10.0 %), holding an unknown amount of"
                        + " memory (threshold 5.0 MiB)");
        assertThat(BacklogCheck.figures(StartPolicy.NONE, /* percent= */ 12.5, /* megabytes= */ null))
                .isEqualTo("12.5 % of the keys with a TTL are dead, holding an unknown amount of memory");
    }
}
