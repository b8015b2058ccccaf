package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tests that each question of a command reads one line of the input, and leaves the rest for later questions. */
final class ProcessContextTest {

    @Test
    void line_ofSeveralLines_leavesTheOthersForLaterQuestions() throws IOException {
        InputStream pasted = new ByteArrayInputStream("größer\r\n\nlast".getBytes(StandardCharsets.UTF_8));

        assertThat(ProcessContext.line(pasted, StandardCharsets.UTF_8)).isEqualTo("größer");
        assertThat(ProcessContext.line(pasted, StandardCharsets.UTF_8)).isEmpty();
        assertThat(ProcessContext.line(pasted, StandardCharsets.UTF_8)).isEqualTo("last");
        assertThat(ProcessContext.line(pasted, StandardCharsets.UTF_8)).isNull();
    }
}
