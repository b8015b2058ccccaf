package io.keysweep.cli.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how YAML and JSON documents are read, and that the lines of their fields are known. */
final class DocumentFileTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from: 22:00 | {\"from\":\"22:00\"}",
                "on: no | {\"on\":\"no\"}",
                "a: [1, -2, 1.5, true, null, ~, '1', 1e3, 0x1F] | {\"a\":[1,-2,1.5,true,null,null,\"1\",1E+3,\"0x1F\"]}",
                // YAML 1.1 would read 007 as an octal number.
                "{\"first\": \"2026-12-24\", \"n\": 007} | {\"first\":\"2026-12-24\",\"n\":7}",
                "d: 2026-12-24 | {\"d\":\"2026-12-24\"}",
                "e: | {\"e\":null}",
            })
    void read_scalar_hasItsTypeOfYaml12(String yaml, String json) {
        assertThat(read(yaml).json().toString()).isEqualTo(json);
    }

    @Test
    void read_alias_isExpandedOnTheLineOfItsField() {
        DocumentFile document = read("""
                base: &base {x: 1}
                list:
                  - name: a
                    more: *base
                  - name: b
                """);
        assertThat(document.json().at("/list/0/more/x").intValue()).isEqualTo(1);
        assertThat(document.at("list[0].more", "a message")).isEqualTo("f.yaml:4: a message");
        assertThat(document.at("list[1].name", "a message")).isEqualTo("f.yaml:5: a message");
        assertThat(document.at("list[1].missing.deep[3]", "a message")).isEqualTo("f.yaml:5: a message");
        assertThat(document.at("elsewhere", "a message")).isEqualTo("f.yaml: a message");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: 1\\nb: [1 | f.yaml:2: not YAML or JSON",
                "a: 1\\na: 2 | f.yaml:2: a occurs twice",
                "'' | f.yaml is empty",
                "a: &a [*a] | nested deeper than 50 levels",
                "a: 1\\n---\\nb: 2 | not YAML or JSON",
                "a: 1\\nb: !include /etc/passwd | f.yaml:2: has the tag !include, which is not supported",
                "a: !!binary aGk= | has the tag tag:yaml.org,2002:binary",
                "a: !thing {b: 1} | has the tag !thing",
            })
    void read_unreadableDocument_failsWithTheLine(String text, String message) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(message);
    }

    @Test
    void read_aliasesThatExpandToAHugeDocument_areRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }

        assertThatThrownBy(() -> read(bomb.toString())).hasMessageContaining("has more than 1000000 values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "{\"a\":["})
    void read_nestingDeeperThanAnyStack_isRefused(String level) {
        assertThatThrownBy(() -> read(level.repeat(100_000)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is nested deeper than 50 levels");
    }

    @Test
    void read_longTextsThatAreRepeated_areRefused() {
        String text = "a: &a " + "x".repeat(1_000_000) + "\nb: [" + "*a, ".repeat(100) + "*a]\n";
        assertThatThrownBy(() -> read(text)).isInstanceOf(CommandFailure.class).hasMessageContaining("too long");

        String longKey = "? " + "k".repeat(1000) + "\n: [" + "x, ".repeat(100_000) + "x]\n";
        assertThatThrownBy(() -> read(longKey))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("too long");
    }

    private static DocumentFile read(String text) {
        return DocumentFile.of("f.yaml", Path.of(""), text);
    }
}
