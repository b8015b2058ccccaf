package io.keysweep.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.keysweep.server.config.LogFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MarkerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests JSON log lines with Spring Boot's own encoder, in all formats. */
class JsonLogEscaperTest {

    private static final String HOSTILE = "ERR no\r\n{\"level\":\"INFO\"} forged \u001b[2J\u202e";
    private static final String ESCAPED = "ERR no\\r\\n{\"level\":\"INFO\"} forged \\u001b[2J\\u202e";

    @ParameterizedTest
    @CsvSource({"ECS, message", "LOGSTASH, message", "GELF, short_message"})
    void messageAndException_ofAHostileServer_stayOneLineOfJson(LogFormat format, String field) {
        String line = encode(format, new IllegalStateException(HOSTILE, new IOException(HOSTILE)));

        assertThat(line).endsWith("\n").doesNotContain("\r", "\u001b", "\u202e");
        assertThat(line.strip()).doesNotContain("\n");

        JsonNode event = new JsonMapper().readTree(line);
        assertThat(event.path(field).asString()).isEqualTo("Sweep failed: " + ESCAPED);
        assertThat(event.toString()).contains("scan-1").contains("IOException");
    }

    @ParameterizedTest
    @CsvSource({"ECS, error, stack_trace", "LOGSTASH, , stack_trace", "GELF, , full_message"})
    void stackTraceField_ofAHostileException_keepsItsLineBreaks(LogFormat format, String parent, String field) {
        JsonNode event = new JsonMapper().readTree(encode(format, new IllegalStateException(HOSTILE)));
        JsonNode holder = parent == null ? event : event.path(parent);

        assertThat(holder.path(field).asString())
                .contains("\n\tat io.keysweep.")
                .doesNotContain("\r", "\u001b", "\u202e");
    }

    /** Encodes an event with hostile texts in its message, its exception and its marker. */
    private static String encode(LogFormat format, Throwable thrown) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("log", format.asSpringProperties()));
        LoggerContext context = new LoggerContext();
        context.putObject(Environment.class.getName(), environment);

        // The encoder reads its format from the environment.
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(environment.getRequiredProperty("logging.structured.format.console"));
        encoder.start();

        LoggingEvent event = new LoggingEvent(
                "caller", context.getLogger("io.keysweep"), Level.WARN, "Sweep failed: {}", thrown, new Object[] {
                    HOSTILE
                });

        // Formats write markers as an array of tags, whose elements have no name.
        event.addMarker(MarkerFactory.getMarker("forged\u001b"));
        event.setMDCPropertyMap(Map.of("scanId", "scan-1"));
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
