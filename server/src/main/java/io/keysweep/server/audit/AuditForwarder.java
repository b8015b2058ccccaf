package io.keysweep.server.audit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.net.SyslogAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.status.Status;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.server.config.AuditSettings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the audit entries of this process to the file and the syslog server that the settings name. Thread-safe.
 *
 * <p>An attacker who changes the log in the database does not reach these copies. A copy can miss the last entries
 * before a crash; the log in the database has them. If a copy cannot be written, a warning is logged and calls
 * continue.
 *
 * <p>The copies are written by appenders of Logback, which handle files and the syslog protocol.
 */
final class AuditForwarder implements AuditSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditForwarder.class);

    /** The port of a syslog server for which the settings name none. */
    private static final int SYSLOG_PORT = 514;

    /** A separate context of Logback, so that no configuration of the service's log changes these copies. */
    private final LoggerContext context = new LoggerContext();

    private final List<Appender<ILoggingEvent>> appenders = new ArrayList<>();

    private AuditForwarder() {
        // An appender reads the diagnostic context (MDC) of each event. Logback sets the adapter for it only in its
        // default context.
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.getStatusManager().add(AuditForwarder::report);
    }

    /** Logs why a copy cannot be written, which the appenders report to their own context only. */
    private static boolean report(Status status) {
        if (status.getEffectiveLevel() >= Status.WARN) {
            LOG.warn("A copy of the audit log cannot be written: {}", status.getMessage(), status.getThrowable());
        }
        return true;
    }

    /**
     * Creates a forwarder for the settings. By default they name neither a file nor a server, and the forwarder copies
     * nothing.
     *
     * @throws IllegalStateException if this process cannot write to the file, or cannot resolve the name of the server
     */
    static AuditForwarder of(AuditSettings settings) {
        AuditForwarder forwarder = new AuditForwarder();
        if (settings.file() != null) {
            forwarder.addFile(settings.file());
        }
        if (settings.syslog() != null) {
            forwarder.addSyslog(settings.syslog());
        }
        return forwarder;
    }

    /** Makes the forwarder append to a file. */
    private void addFile(String file) {
        createPrivately(Path.of(file));
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setFile(file);
        appender.start();
        if (!appender.isStarted()) {
            throw unwritable(file, /* cause= */ null);
        }
        appenders.add(appender);
    }

    /** Creates a file that only its owner can read. Does not change an existing file or its permissions. */
    private static void createPrivately(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            LOG.debug("Copies of the audit log are appended to the existing file {}", file);
        } catch (IOException e) {
            throw unwritable(file.toString(), e);
        }
    }

    private static IllegalStateException unwritable(String file, @Nullable IOException cause) {
        return new IllegalStateException(
                "audit.file is '" + file + "', must be a file that this process can write to", cause);
    }

    /**
     * Makes the forwarder send to a syslog server.
     *
     * @param server {@code HOST} or {@code HOST:PORT}, as the settings have checked
     * @throws IllegalStateException if the name of the host cannot be resolved
     */
    private void addSyslog(String server) {
        int colon = server.lastIndexOf(':');
        SyslogAppender appender = new SyslogAppender();
        appender.setContext(context);
        appender.setFacility("AUTHPRIV");
        appender.setSyslogHost(colon < 0 ? server : server.substring(0, colon));
        appender.setPort(colon < 0 ? SYSLOG_PORT : Integer.parseInt(server.substring(colon + 1)));
        appender.setSuffixPattern("keysweep-audit: %msg");
        appender.setThrowableExcluded(true);
        appender.start();
        if (!appender.isStarted()) {
            // The appender never looks the name up again, so no entry would ever be sent.
            throw new IllegalStateException(
                    "audit.syslog is '" + server + "', must be a host whose name this process can resolve");
        }
        appenders.add(appender);
    }

    @Override
    public void accept(AuditLine line) {
        if (!appenders.isEmpty()) {
            LoggingEvent event = new LoggingEvent(
                    AuditForwarder.class.getName(),
                    context.getLogger("keysweep.audit"),
                    Level.INFO,
                    line.line(),
                    /* throwable= */ null,
                    /* argArray= */ null);
            appenders.forEach(appender -> appender.doAppend(event));
        }
    }

    @Override
    public void close() {
        appenders.forEach(Appender::stop);
        context.stop();
    }
}
