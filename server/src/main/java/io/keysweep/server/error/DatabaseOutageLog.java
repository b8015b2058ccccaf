package io.keysweep.server.error;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * Logs an outage of the database in one line, instead of a stack trace for each call that fails during the outage.
 *
 * <p>For example, db-scheduler polls the database every second and logs each failure with its stack trace. This filter
 * of Logback drops the warnings and errors of all loggers that have an exception caused by a {@link DatabaseOutage}.
 * Thread-safe.
 */
@Component
final class DatabaseOutageLog extends TurboFilter implements InitializingBean, DisposableBean {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(DatabaseOutageLog.class);

    /** An outage is over when no failure was logged for this long. During an outage, polls fail more often. */
    private static final Duration OVER_AFTER = Duration.ofSeconds(30);

    /** {@code System.nanoTime()} of the last failure; at first long ago, so that the first failure is logged. */
    private final AtomicLong lastFailure = new AtomicLong(System.nanoTime() - OVER_AFTER.toNanos());

    @Override
    public void afterPropertiesSet() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.addTurboFilter(this);
        }
    }

    @Override
    public void destroy() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getTurboFilterList().remove(this);
        }
    }

    /**
     * Drops a log event that an outage of the database has caused. Logs one line instead of the first event of the
     * outage.
     */
    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        // Logback passes an exception separately only if the event has at most two parameters. Otherwise the exception
        // is still the last of them.
        Throwable logged = thrown == null
                        && parameters != null
                        && parameters.length > 0
                        && parameters[parameters.length - 1] instanceof Throwable last
                ? last
                : thrown;
        if (logged == null || !level.isGreaterOrEqual(Level.WARN) || !DatabaseOutage.isCauseOf(logged)) {
            return FilterReply.NEUTRAL;
        }

        long now = System.nanoTime();
        if (now - lastFailure.getAndSet(now) >= OVER_AFTER.toNanos()) {
            // This filter also gets this event, but lets it pass, because it has no exception.
            LOG.warn(
                    "The database cannot be used at the moment ({}); work continues when it is back",
                    logged.getMessage());
        }
        return FilterReply.DENY;
    }
}
