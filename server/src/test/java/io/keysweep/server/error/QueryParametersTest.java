package io.keysweep.server.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which numbers and flags in the query of a request are accepted. */
class QueryParametersTest {

    @Test
    void wholeNumber_fromZeroToTheMaximum_isAccepted() {
        assertThat(offset("0")).isZero();
        assertThat(offset("999999999")).isEqualTo(QueryParameters.MAX_NUMBER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.0", " 1", "1000000000", "99999999999999999999", "\u0661"})
    void wholeNumber_otherTextOrOutOfRange_isRefused_withTheAcceptedRange(String text) {
        assertThatThrownBy(() -> offset(text))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        refused -> assertThat(refused.detail()).contains("a whole number from 0 to 999999999"));
    }

    private static int offset(String text) {
        return QueryParameters.wholeNumber("offset", text, /* min= */ 0, QueryParameters.MAX_NUMBER);
    }
}
