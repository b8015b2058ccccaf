package io.keysweep.server.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.window.WindowPolicy.AppliesTo;
import io.keysweep.server.window.WindowPolicy.Outside;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests which documents of windows are accepted, and how a broken rule is reported.
 *
 * <p>Windows are times of the week when sweeps may run. A document of the API describes them as JSON.
 */
class WindowDocumentsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FULL_DOCUMENT = """
            {"timeZone":"Europe/Berlin","windows":[{"days":["monday","friday"],"from":"22:00","until":"06:00"},
            {"days":["sunday"],"from":"00:00","until":"24:00"}],"blackouts":[{"first":"2026-12-24","last":"2026-12-26"},
            {"first":"2027-01-01"}],"outside":"end","appliesTo":"all","spreadMinutes":30}""";

    @Test
    void document_withAllFields_isReadWithAllItsValues() {
        WindowPolicy policy = read(FULL_DOCUMENT);
        assertThat(policy.windows().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(policy.windows().windows()).hasSize(2);
        assertThat(policy.windows().windows().getLast().until()).isEqualTo(LocalTime.MIDNIGHT);
        assertThat(policy.windows().blackouts())
                .contains(new Blackout(LocalDate.parse("2027-01-01"), LocalDate.parse("2027-01-01")));
        assertThat(policy.outside()).isEqualTo(Outside.END);
        assertThat(policy.appliesTo()).isEqualTo(AppliesTo.ALL);
        assertThat(policy.spread()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void document_writtenAndReadAgain_isEqual() {
        WindowPolicy policy = read(FULL_DOCUMENT);
        assertThat(read(JSON.writeValueAsString(WindowDocuments.write(policy)))).isEqualTo(policy);
    }

    @Test
    void document_thatIsEmpty_isAlwaysOpen() {
        assertThat(read("{}")).isEqualTo(WindowPolicy.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"windws\":[]} | windws is unknown",
                "{\"timeZone\":\"Mars/Olympus\"} | timeZone is 'Mars/Olympus', must be an IANA time zone",
                "{\"timeZone\":7} | timeZone is '7', must be an IANA time zone",
                "{\"windows\":{}} | windows is '{}', must be a list of at most 100 objects",
                "{\"windows\":[3]} | windows[0] is '3', must be an object",
                "{\"windows\":[{\"from\":\"01:00\",\"until\":\"02:00\"}]}"
                        + " | windows[0].days is missing, must be at least one of",
                "{\"windows\":[{\"days\":[\"mon\"],\"from\":\"01:00\",\"until\":\"02:00\"}]}"
                        + " | windows[0].days[0] is 'mon', must be one of monday",
                "{\"windows\":[{\"days\":[\"monday\"],\"until\":\"02:00\"}]} | windows[0].from is missing",
                "{\"windows\":[{\"days\":[\"monday\"],\"from\":\"1:00\",\"until\":\"02:00\"}]}"
                        + " | windows[0].from is '1:00', must be a time",
                "{\"windows\":[{\"days\":[\"monday\"],\"from\":\"24:00\",\"until\":\"02:00\"}]}"
                        + " | windows[0].from is '24:00', must be a time",
                "{\"windows\":[{\"days\":[\"monday\"],\"from\":\"01:00\",\"until\":\"25:00\"}]}"
                        + " | windows[0].until is '25:00', must be a time",
                "{\"windows\":[{\"days\":[\"monday\"],\"from\":\"01:00\",\"until\":\"02:00\",\"x\":1}]}"
                        + " | windows[0].x is unknown",
                "{\"blackouts\":[{}]} | blackouts[0].first is missing",
                "{\"blackouts\":[{\"first\":\"2026-02-30\"}]} | blackouts[0].first is '2026-02-30', must be a date",
                "{\"blackouts\":[{\"first\":\"2026-02-20\",\"last\":\"2026-02-19\"}]}"
                        + " | blackouts[0].last is '2026-02-19', must be not before",
                "{\"outside\":\"pause\"} | outside is 'pause', must be one of hold, end",
                "{\"outside\":\"HOLD\"} | outside is 'HOLD', must be one of hold, end",
                "{\"appliesTo\":\"manual\"} | appliesTo is 'manual', must be one of automatic, all",
                "{\"spreadMinutes\":1441} | spreadMinutes is '1441', must be a whole number from 0 to 1440",
                "{\"spreadMinutes\":\"5\"} | spreadMinutes is '5', must be a whole number",
                "{\"spreadMinutes\":1.5} | spreadMinutes is '1.5', must be a whole number",
                "[] | body is '[]', must be an object",
            })
    void document_thatBreaksARule_isRefusedWithFieldValueAndRule(String document, String message) {
        assertThatThrownBy(() -> read(document))
                .isInstanceOf(RequestRefusedException.class)
                .hasMessageContaining(message);
    }

    private static WindowPolicy read(String document) {
        return WindowDocuments.read(JSON.readTree(document));
    }
}
