package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tests that a result which cannot be written is reported as a problem, unless its reader has closed the pipe. */
final class StandardOutputTest {

    @Test
    void problem_ofWrittenText_isNull() {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(target);

        output.printer(StandardCharsets.UTF_8).println("größer");

        assertThat(output.problem()).isNull();
        assertThat(target.toString(StandardCharsets.UTF_8)).isEqualTo("größer" + System.lineSeparator());
    }

    @Test
    void problem_ofFullDevice_isItsReason() throws IOException {
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            StandardOutput output = new StandardOutput(full);
            PrintStream printer = output.printer(StandardCharsets.UTF_8);

            printer.println("one");
            printer.println("two");

            assertThat(output.problem()).isEqualTo("No space left on device");
        }
    }

    @Test
    void problem_ofClosedPipe_isNull() {
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });

        output.printer(StandardCharsets.UTF_8).println("one");

        assertThat(output.problem()).isNull();
    }
}
