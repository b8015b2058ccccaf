package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.control.PaceChange;
import io.keysweep.server.request.DocumentReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that a form becomes a request body of the native API, and that invalid fields have the messages of the API. */
final class FormFieldsTest {

    @Test
    void of_aFilledForm_isReadLikeTheBodyOfTheApi() {
        PaceChange change = change(
                Map.of("_csrf", "x", "profile", "full", "share", " 0.25 ", "rateCeiling", "", "stallBudgetMs", "2"));

        assertThat(change.profile()).hasToString("FULL");
        assertThat(change.share()).isEqualTo(0.25);
        assertThat(change.stallBudget()).hasMillis(2);
        assertThat(change.rateCeiling()).isNull();
        assertThat(change.withoutRateCeiling()).isFalse();
    }

    @Test
    void of_numbersAsPeopleWriteThem_returnsTheNumbersOfTheApi() {
        PaceChange change = change(Map.of("share", "25 %", "rateCeiling", "50,000", "stallBudgetMs", "2 ms"));

        assertThat(change.share()).isEqualTo(0.25);
        assertThat(change.rateCeiling()).isEqualTo(50_000);
        assertThat(change.stallBudget()).hasMillis(2);
    }

    @Test
    void of_aFormWithTheCheckBoxForNoRateCeiling_removesTheRateCeiling() {
        assertThat(change(Map.of("withoutRateCeiling", "on", "rateCeiling", "5"))
                        .withoutRateCeiling())
                .isTrue();
    }

    @Test
    void of_aTextInPlaceOfANumber_isRefusedWithTheMessageOfTheApi() {
        assertThatThrownBy(() -> change(Map.of("rateCeiling", "many")))
                .hasMessageContaining("rateCeiling is 'many', must be a whole number of keys a second from 1.");
    }

    /** Reads a submitted form as a change of the pace. */
    private static PaceChange change(Map<String, String> form) {
        DocumentReader fields = DocumentReader.of(FormFields.of(form, PaceChange.FIELDS), PaceChange.FIELDS);
        PaceChange change = PaceChange.of(fields);
        return fields.requireValid(() -> change);
    }
}
