package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.admission.ConcurrencyLimit.Taken;
import org.junit.jupiter.api.Test;

/** Tests the limits on the number of requests that are open at the same time, for each access key and in total. */
class ConcurrencyLimitTest {

    @Test
    void take_aboveTheLimitOfAKeyOrOfAll_isRefused_untilAPlaceIsGivenBack() {
        ConcurrencyLimit requests = new ConcurrencyLimit(/* limitPerKey= */ 2, /* limit= */ 3);
        assertThat(requests.take("a")).isEqualTo(Taken.YES);
        assertThat(requests.take("a")).isEqualTo(Taken.YES);
        assertThat(requests.take("a")).isEqualTo(Taken.KEY_LIMIT);
        assertThat(requests.take("b")).isEqualTo(Taken.YES);
        assertThat(requests.take("b")).isEqualTo(Taken.TOTAL_LIMIT);

        requests.giveBack("a");
        assertThat(requests.take("b")).isEqualTo(Taken.YES);
        assertThat(requests.take("a")).isEqualTo(Taken.TOTAL_LIMIT);
    }
}
