package io.keysweep.server.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.keysweep.engine.text.ForeignText;

/** Writes the message of a log event as one line; {@code logback-spring.xml} makes it the converter of {@code %m}. */
public final class LogMessage extends MessageConverter {

    /** Prefix of the loggers that explain a failed start, in several lines of Spring's own. */
    private static final String FAILED_START = "org.springframework.boot.diagnostics.";

    @Override
    public String convert(ILoggingEvent event) {
        String message = super.convert(event);
        return event.getLoggerName().startsWith(FAILED_START) ? ForeignText.lines(message) : ForeignText.line(message);
    }
}
