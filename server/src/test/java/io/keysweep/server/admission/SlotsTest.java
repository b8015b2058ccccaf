package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.admission.Slots.Taken;
import org.junit.jupiter.api.Test;

/** Tests the limits on the number of requests that are open at the same time, for each access key and in total. */
class SlotsTest {

    @Test
    void take_aboveTheLimitOfAKeyOrOfAll_isRefused_untilASlotIsGivenBack() {
        Slots slots = new Slots(/* limitPerKey= */ 2, /* limit= */ 3);
        assertThat(slots.take("a")).isEqualTo(Taken.YES);
        assertThat(slots.take("a")).isEqualTo(Taken.YES);
        assertThat(slots.take("a")).isEqualTo(Taken.KEY_LIMIT);
        assertThat(slots.take("b")).isEqualTo(Taken.YES);
        assertThat(slots.take("b")).isEqualTo(Taken.TOTAL_LIMIT);

        slots.giveBack("a");
        assertThat(slots.take("b")).isEqualTo(Taken.YES);
        assertThat(slots.take("a")).isEqualTo(Taken.TOTAL_LIMIT);
    }
}
