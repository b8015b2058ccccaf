package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.LinkedMultiValueMap;

/**
 * Tests parameters of the operation ListInstances in the DCS API: the flags, which are true or false, and the page.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
class InstanceQueryTest {

    /** The number of instances on a page if the request has no limit. */
    private static final int DEFAULT_LIMIT = 10;

    @ParameterizedTest
    @ValueSource(strings = {"include_delete", "include_failure", "name_equal"})
    void of_aFlagThatIsNeitherTrueNorFalse_isRefused_withItsName(String parameter) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> query(parameter, "maybe"))
                .matches(e -> e.code() == ErrorCode.INVALID_PARAMETER)
                .withMessageContaining(parameter + " is 'maybe', must be true or false.");

        // The value true is accepted, and the page has the default limit.
        assertThat(query(parameter, "true").page().limit()).isEqualTo(DEFAULT_LIMIT);
    }

    @Test
    void of_noParameter_isTheFirstPage() {
        assertThat(InstanceQuery.of(new LinkedMultiValueMap<>()).page().offset())
                .isZero();
    }

    private static InstanceQuery query(String parameter, String value) {
        LinkedMultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
        parameters.add(parameter, value);
        return InstanceQuery.of(parameters);
    }
}
