package io.keysweep.server;

import io.keysweep.server.config.StartRefusedException;
import java.net.BindException;
import java.sql.SQLException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains why the service cannot start and what to do, so that the operator sees no stack trace of Spring.
 *
 * <p>Each nested class explains one type of exception. {@code META-INF/spring.factories} lists the classes, and Spring
 * Boot calls the class that fits the exception. {@link StartFailureReport} prints the explanation.
 */
final class StartFailures {

    private StartFailures() {}

    /**
     * Returns whether each further start fails until the operator changes something. This is the case if another build
     * has created or upgraded the database, or if Keysweep itself refuses to start for a lasting reason.
     */
    static boolean isLasting(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FlywayValidateException || cause instanceof StartRefusedException) {
                return true;
            }
        }
        return false;
    }

    /** Explains why the database cannot be used: it is locked by another process, is down, or refuses the user. */
    static final class Database extends AbstractFailureAnalyzer<SQLException> {

        /** The error code of H2 for "Database may be already in use": another process has its file open. */
        private static final int H2_IN_USE = 90_020;

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, SQLException cause) {
            return cause.getErrorCode() == H2_IN_USE
                    ? new FailureAnalysis(
                            "Another keysweep server uses the data folder.",
                            "Stop that server, or set KEYSWEEP_HOME to another folder for this one.",
                            cause)
                    : new FailureAnalysis(
                            "The database cannot be used: " + cause.getMessage(),
                            "Check database.url, database.username and database.password.",
                            cause);
        }
    }

    /** Explains why the service cannot listen on its address and port, or on those of its metrics page. */
    @Order(Ordered.HIGHEST_PRECEDENCE) // Otherwise an analyzer of Spring, which does not name the setting, goes first.
    static final class Port extends AbstractFailureAnalyzer<BindException> {

        private final Environment properties;

        Port(Environment properties) {
            this.properties = properties;
        }

        @Override
        protected FailureAnalysis analyze(Throwable root, BindException cause) {
            // Spring Boot's Actuator starts the metrics page, by a bean of this name.
            boolean isMetricsPage = String.valueOf(root.getMessage()).contains("childManagementContextInitializer");
            String property = isMetricsPage ? "management.server." : "server.";
            String place =
                    properties.getProperty(property + "port") + " of " + properties.getProperty(property + "address");
            boolean isInUse = String.valueOf(cause.getMessage()).contains("in use");
            return new FailureAnalysis(
                    isInUse
                            ? "Another process uses port " + place + "."
                            : "The service cannot listen on port " + place + ": " + cause.getMessage() + ".",
                    (isInUse ? "Stop that process, or choose another port: " : "Choose another address or port: ")
                            + (isMetricsPage
                                    ? "metrics.address and metrics.port."
                                    : "server.address and server.port (--port)."),
                    cause);
        }
    }

    /**
     * Explains that another build of Keysweep has created or upgraded the database. The migrations (scripts that create
     * the tables) of the two builds differ, or this build does not have all migrations of the other one.
     */
    static final class OtherBuild extends AbstractFailureAnalyzer<FlywayValidateException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, FlywayValidateException cause) {
            return new FailureAnalysis(
                    "Another build of Keysweep, whose tables this build cannot use, created the database.",
                    "Start the build that created or upgraded it, or use a new database (database.url) or data folder (KEYSWEEP_HOME)."
                            + " CHANGELOG.md says which builds can upgrade a database.",
                    cause);
        }
    }

    /**
     * Explains why Keysweep itself refuses to start, for example because other users can read the master key file. Code
     * of Keysweep reports such a condition as an {@code IllegalStateException} whose message is meant for the operator.
     */
    static final class Refused extends AbstractFailureAnalyzer<IllegalStateException> {

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, IllegalStateException cause) {
            StackTraceElement[] trace = cause.getStackTrace();
            // Spring and other libraries also throw IllegalStateException, with messages that do not help an operator.
            // With null, other analyzers explain such an exception.
            return trace.length > 0 && trace[0].getClassName().startsWith("io.keysweep.")
                    ? new FailureAnalysis(String.valueOf(cause.getMessage()), /* action= */ null, cause)
                    : null;
        }
    }
}
