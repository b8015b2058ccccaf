package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that {@code docs/settings.md} lists every setting with its variable and the range of its numbers. */
class SettingsDocsTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `(KEYSWEEP_[A-Z_]+)` \\| .* \\| ([^|]+) \\|$");

    @Test
    void table_listsEverySetting_withItsVariable() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            expected.put(setting.key, setting.environmentVariable());
        }
        Map<String, String> documented = new TreeMap<>();
        for (MatchResult row : rows()) {
            documented.put(row.group(1), row.group(2));
        }

        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void table_namesTheRangeOfEveryNumber() throws IOException {
        for (MatchResult row : rows()) {
            Setting setting = Setting.ofKey(row.group(1)).orElseThrow();
            if (setting.numeric) {
                assertThat(row.group(3)).as(setting.key).isEqualTo(setting.min + "–" + setting.max);
            }
        }
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(Path.of("..", "docs", "settings.md")))
                .results()
                .toList();
    }
}
