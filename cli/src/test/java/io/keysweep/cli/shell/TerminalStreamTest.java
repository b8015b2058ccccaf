package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the terminal gets control characters from the progress bar, but never from foreign texts. */
class TerminalStreamTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream stream =
            TerminalStream.to(new PrintStream(output, /* autoFlush= */ true, StandardCharsets.UTF_8));

    @Test
    void println_textWithControlCharacters_escapesThem() {
        stream.println("name \u001b]0;title\u0007 \u202eevil\u009b2J é");
        Object value = List.of("a\n\u001b[31m");
        stream.println(value);

        assertThat(output.toString(StandardCharsets.UTF_8))
                .isEqualTo("name \\u001b]0;title\\u0007 \\u202eevil\\u009b2J é\n[a\n\\u001b[31m]\n");
    }

    @Test
    void print_controlCodesOfTheProgressBar_passesThemOn() {
        stream.print("\r\u001b[K50 %");
        stream.flush();

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[K50 %");
    }

    @Test
    void to_wrappedStream_isThatStream() {
        assertThat(TerminalStream.to(stream)).isSameAs(stream);
    }
}
