package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.scan.ScanRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.i18n.LocaleContextHolder;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tests that durations in forms become numbers for the API, and that messages show durations instead of numbers. */
final class DurationFieldsTest {

    @BeforeEach
    void readEnglish() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
    }

    @AfterEach
    void resetLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @CsvSource({
        // name of the field, typed text, text in the request to the API
        "heldMinutes, 2 h, 120",
        "heldMinutes, 120 s, 2",
        "heldMinutes, 0, 0",
        "timeoutSeconds, 1 h 1 s, 3601",
        "timeoutSeconds, 90, 90",
        "name, 2 h, 2 h"
    })
    void number_ofADuration_isInTheUnitOfTheField(String name, String text, String number) {
        assertThat(DurationFields.number(name, text)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        // lowest and highest number of minutes, typed text, its value in the refusal, the range in the refusal
        "1, 1440, 90 s, '1 min 30 s', '1 min to 1 d'",
        "1, 1440, 90, '1 min 30 s', '1 min to 1 d'",
        "1, 1440, 3 d, '3 d', '1 min to 1 d'",
        "1, 1440, soon, 'soon', '1 min to 1 d'",
        "1, 1440, 9999999999, '9999999999', '1 min to 1 d'",
        "1, 1440, 999999999 w, '6999999993 d', '1 min to 1 d'",
        "30, 1440, 0, '0 s', '30 min to 1 d'",
    })
    void refusal_ofMinutes_namesDurations(int min, int max, String text, String value, String range) {
        assertThatThrownBy(() -> read(text, min, max))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        refusal -> assertThat(RefusalText.message(refusal))
                                .isEqualTo("Length of a hold is '" + value
                                        + "', must be a duration in whole minutes from " + range
                                        + ", such as 30 min or 2 h."));
    }

    @Test
    void refusal_ofMinutesFromZero_namesTheMaximumOnly() {
        assertThatThrownBy(() -> read("5 w", /* min= */ 0, /* max= */ 43_200))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        refusal -> assertThat(RefusalText.message(refusal))
                                .isEqualTo("Length of a hold is '35 d', must be a duration in whole minutes of at most"
                                        + " 30 d, such as 30 min or 2 h."));
    }

    @Test
    void refusal_ofATimeout_namesDurations_inBothLanguages() {
        // Ten weeks are longer than the longest timeout.
        String timeout = DurationFields.number("timeoutSeconds", "10 weeks");
        ObjectNode body = FormFields.of(
                Map.of("instanceId", "b7a1c1f0-6d43-4d3a-9a53-0c7f2d3c5a11", "timeoutSeconds", timeout),
                ScanRequest.FIELDS);
        assertThatThrownBy(() -> ScanRequest.of(body))
                .isInstanceOfSatisfying(RequestRefusedException.class, refusal -> {
                    assertThat(RefusalText.message(refusal))
                            .isEqualTo("Timeout is '70 d', must be a duration from 1 s to 60 d,"
                                    + " such as 90 min, 12 h or 1 d.");
                    LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
                    assertThat(RefusalText.message(refusal))
                            .isEqualTo("当前为 '70 d'，应为 1 s 到 60 d 的时长，例如 90 min、12 h 或 1 d。");
                });
    }

    @Test
    void refusal_ofASchedule_namesDurations() {
        RequestRefusedException refusal = RequestRefusedException.of(
                ErrorCode.INVALID_TIMEOUT,
                Phrase.of(
                        "{0} is '{1}', must be {2}.", "timeout", "3600", Phrase.of("at least {0} seconds", 172_800L)));
        assertThat(RefusalText.message(refusal)).isEqualTo("Timeout is '1 h', must be at least 2 d.");

        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RefusalText.message(refusal)).isEqualTo("当前为 '1 h'，应为至少 2 d。");
    }

    @Test
    void step_thatIsTooShortForItsForecast_isRefusedWithADuration() {
        FieldProblem problem =
                FieldProblem.of("stepMinutes", "1", Phrase.of("at least a {0}th of forecastMinutes, {1}", 1440, 30));
        assertThat(RefusalText.sentence(problem))
                .startsWith("Length of a step is '1 min', must be at least 30 min, because");
    }

    @Test
    void refusal_ofAFieldThatIsNoDuration_isNotChanged() {
        FieldProblem problem = FieldProblem.of("rateCeiling", "0", Phrase.of("a whole number from {0} to {1}", 1, 9));
        assertThat(DurationFields.inForms(problem)).isSameAs(problem);

        RequestRefusedException refusal = RequestRefusedException.of(
                ErrorCode.INVALID_SCAN_KEYS_COUNT,
                Phrase.of("{0} is '{1}', must be {2}.", "scanKeysCount", "many", Phrase.of("a whole number")));
        assertThat(RefusalText.message(refusal)).isEqualTo("Keys per SCAN call is 'many', must be a whole number.");
    }

    /** Reads a typed text as the field {@code heldMinutes}, from {@code min} to {@code max} minutes. */
    private static void read(String text, int min, int max) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        DurationFields.put(body, "heldMinutes", text);
        DocumentReader reader = DocumentReader.of(body, List.of("heldMinutes"));
        reader.integer("heldMinutes", min, max);
        reader.requireValid(() -> body);
    }
}
