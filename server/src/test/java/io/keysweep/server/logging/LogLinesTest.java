package io.keysweep.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that a foreign text with line breaks cannot add lines to the log. */
class LogLinesTest {

    private static final String HOSTILE = "ERR no\r\n2026-11-28 INFO forged \u001b[2J\u202e";
    private static final String ESCAPED = "ERR no\\r\\n2026-11-28 INFO forged \\u001b[2J\\u202e";

    @Test
    void argument_ofAMessage_staysOnItsLine() {
        assertThat(new LogMessage().convert(event("io.keysweep", /* thrown= */ null)))
                .isEqualTo("Sweep failed: " + ESCAPED);
    }

    @Test
    void explanation_ofAFailedStart_keepsItsLines() {
        String reporter = "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter";
        assertThat(new LogMessage().convert(event(reporter, /* thrown= */ null)))
                .isEqualTo("Sweep failed: ERR no\\r\n2026-11-28 INFO forged \\u001b[2J\\u202e");
    }

    @Test
    void messages_ofExceptionsAndCauses_stayOnTheirLines() {
        IllegalStateException thrown = new IllegalStateException(HOSTILE, new IOException(HOSTILE));
        thrown.addSuppressed(new IllegalArgumentException(HOSTILE));
        LogStackTrace converter = new LogStackTrace();
        converter.start();
        String trace = converter.convert(event("io.keysweep", thrown));

        assertThat(trace)
                .contains("IllegalStateException: " + ESCAPED, "IOException: " + ESCAPED)
                .contains("IllegalArgumentException: " + ESCAPED, "\tat io.keysweep.")
                .doesNotContain("\n2026", "\u001b", "\u202e");
    }

    @Test
    void configuration_ofTheLog_usesTheConverters() throws IOException {
        try (InputStream file = Objects.requireNonNull(LogMessage.class.getResourceAsStream("/logback-spring.xml"))) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(LogMessage.class.getName(), LogStackTrace.class.getName());
        }
    }

    private static LoggingEvent event(String logger, @Nullable Throwable thrown) {
        return new LoggingEvent(
                "caller", new LoggerContext().getLogger(logger), Level.WARN, "Sweep failed: {}", thrown, new Object[] {
                    HOSTILE
                });
    }
}
