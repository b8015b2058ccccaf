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

/** Tests which values the errors about a document show, because a value in a wrong place can be a secret. */
final class DocumentReaderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "redis://:geheim@h"                          | body is '"…"', must be an object.
            [{"password": "geheim"}]                     | body is '[…]', must be an object.
            {"list": {"orders": {"password": "geheim"}}} | list is '{…}', must be a list of at most 9 objects.
            {"list": "redis://:geheim@h"}                | list is '"…"', must be a list of at most 9 objects.
            {"list": ["redis://:geheim@h"]}              | list[0] is '"…"', must be an object.
            {"list": [["geheim"]]}                       | list[0] is '[…]', must be an object.
            {"name": {"password": "geheim"}}             | name is '{…}', must be a text of 1 to 9 characters
            {"list": [{}, 3]}                            | list[1] is '3', must be an object.
            """)
    void value_inAWrongPlace_isShownWithoutItsContent(String document, String problem) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> read(document))
                .satisfies(refused -> assertThat(refused.detail()).startsWith(problem))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("geheim"));
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
