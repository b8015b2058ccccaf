package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the rules for the service's log find errors, secrets and forged lines, and report each of them once. */
class LogRulesTest {

    @TempDir
    private Path folder;

    @Test
    void problems_linesAddedSinceTheLastCall_areCheckedOnce() throws IOException {
        Path log = Files.writeString(
                folder.resolve("service.log"), "2026-11-29T10:00Z INFO canary is shown at the first start\n");
        LogRules rules = new LogRules(log, Files.size(log), new AnswerRules(Map.of("password", "canary")));

        assertThat(rules.problems())
                .as("the problems of what the log had at the start")
                .isEmpty();

        // An error is reported with its stack trace.
        append(log, "2026-11-29T10:00Z INFO x\n2026-11-29T10:00Z ERROR GET /x failed\n\tat a.b.C.d(C.java:1)\n");
        assertThat(rules.problems())
                .containsExactly("log: 2026-11-29T10:00Z ERROR GET /x failed\n\tat a.b.C.d(C.java:1)\n");

        append(log, "2026-11-29T10:00Z WARN closed\n\tat a.b.C.d(C.java:1)\n");
        assertThat(rules.problems())
                .as("the problems of a warning with a stack trace")
                .hasSize(1);

        // The secret is reported.
        append(log, "2026-11-29T10:00Z INFO value is 'canary'\n");
        assertThat(rules.problems())
                .singleElement()
                .asString()
                .startsWith("secret: password in the log: 2026-11-29T10");

        // A line that does not begin like other lines is reported.
        append(log, "2030-01-01 forged line\n");
        assertThat(rules.problems()).singleElement().asString().startsWith("log: 2030-01-01 forged line");

        append(log, "2026-11-29T10:00Z INFO value is 'a\\n2030-01-01 forged line'\n");
        assertThat(rules.problems())
                .as("the problems of a value that is escaped, so that it forges no line")
                .isEmpty();
    }

    private static void append(Path log, String lines) throws IOException {
        Files.writeString(log, lines, StandardOpenOption.APPEND);
    }
}
