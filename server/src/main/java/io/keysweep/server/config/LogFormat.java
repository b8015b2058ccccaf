package io.keysweep.server.config;

import java.util.Locale;
import java.util.Map;

/** Lists the formats of log lines. All but the first are JSON, one document per line. */
public enum LogFormat {
    /** Lines for people. */
    TEXT,
    /** Elastic Common Schema. */
    ECS,
    /** Graylog Extended Log Format. */
    GELF,
    /** The format of Logstash's JSON encoder. */
    LOGSTASH;

    /**
     * Returns the properties that make Spring Boot log in this format; none for {@link #TEXT}. Spring Boot sets up its
     * logging first, so they must be set before the other properties of the service.
     */
    public Map<String, Object> asSpringProperties() {
        return this == TEXT
                ? Map.of()
                : Map.of(
                        "logging.structured.format.console",
                        name().toLowerCase(Locale.ROOT),
                        "logging.structured.json.customizer",
                        "io.keysweep.server.logging.JsonLogEscaper",
                        // This property chooses the appender in logback-spring.xml.
                        "keysweep.log.appender",
                        "structured-console-appender");
    }
}
