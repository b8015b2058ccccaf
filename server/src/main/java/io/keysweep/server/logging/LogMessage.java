package io.keysweep.server.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.keysweep.engine.text.ForeignText;

/**
 * Writes the message of a log event as one line, so that no text from elsewhere can forge a line of the log.
 *
 * <p>Messages about a failed start keep their lines. This class escapes unprintable characters. {@code
 * logback-spring.xml} makes this class the converter of {@code %m}.
 */
public final class LogMessage extends MessageConverter {

    /**
     * The prefix of the loggers by which Spring Boot explains a failed start. Line breaks in their messages are kept,
     * because these messages have several lines.
     */
    private static final String FAILED_START = "org.springframework.boot.diagnostics.";

    @Override
    public String convert(ILoggingEvent event) {
        String message = super.convert(event);
        return event.getLoggerName().startsWith(FAILED_START) ? ForeignText.lines(message) : ForeignText.line(message);
    }
}
