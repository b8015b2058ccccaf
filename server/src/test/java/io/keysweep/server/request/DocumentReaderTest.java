package io.keysweep.server.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests how errors about a document show values and limits. A value in a wrong place is not shown, because it can be a
 * secret.
 */
final class DocumentReaderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "redis://:secret-word@h"                          | body is '"…"', must be an object.
            [{"password": "secret-word"}]                     | body is '[…]', must be an object.
            {"list": {"orders": {"password": "secret-word"}}} | list is '{…}', must be a list of at most 9 objects.
            {"list": "redis://:secret-word@h"}                | list is '"…"', must be a list of at most 9 objects.
            {"list": ["redis://:secret-word@h"]}              | list[0] is '"…"', must be an object.
            {"list": [["secret-word"]]}                       | list[0] is '[…]', must be an object.
            {"name": {"password": "secret-word"}}             | name is '{…}', must be a text of 1 to 9 characters
            {"list": [{}, 3]}                                 | list[1] is '3', must be an object.
            """)
    void value_inAWrongPlace_isShownWithoutItsContent(String document, String problem) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> read(document))
                .satisfies(refused -> assertThat(refused.detail()).startsWith(problem))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("secret-word"));
    }

    @Test
    void value_thatBreaksARule_isShown() {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> read("{\"name\": \"far too long\"}"))
                .withMessageContaining("name is 'far too long', must be");
    }

    @Test
    void limit_ofANumber_isShownWithoutExponentAndDecimals() {
        DocumentReader reader = DocumentReader.of(
                JsonMapper.shared().readTree("{\"percent\": 101, \"size\": 0}"), Set.of("percent", "size"));
        reader.positiveNumber("percent", 100);
        reader.positiveNumber("size", 1_000_000_000);

        assertThat(reader.problems())
                .extracting(FieldProblem::sentence)
                .containsExactly(
                        "percent is '101', must be a number above 0 and up to 100.",
                        "size is '0', must be a number above 0 and up to 1000000000.");
    }

    private static String read(String document) {
        DocumentReader reader = DocumentReader.of(JsonMapper.shared().readTree(document), Set.of("list", "name"));
        int objects = reader.objects("list", 9, Set.of()).size();
        String name = reader.printableText("name", 9).orElse("");
        return reader.requireValid(() -> objects + name);
    }
}
