package io.keysweep.server;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in a sentence what keeps the service from starting, where Spring would print a stack trace. */
final class StartFailures {

    private StartFailures() {}

    /** The database: locked by another process, down, or refusing the user. */
    static final class Database extends AbstractFailureAnalyzer<SQLException> {

        /** H2's "database may be already in use". */
        private static final int H2_IN_USE = 90_020;

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, SQLException cause) {
            return cause.getErrorCode() == H2_IN_USE
                    ? new FailureAnalysis(
                            "The data folder is in use by another keysweep server.",
                            "Stop that server, or give this one another folder with KEYSWEEP_HOME.",
                            cause)
                    : new FailureAnalysis(
                            "The database cannot be used: " + cause.getMessage(),
                            "Check database.url, database.username and database.password.",
                            cause);
        }
    }

    /** What our own parts refuse to start with, such as a master key that others can read. */
    static final class Refused extends AbstractFailureAnalyzer<IllegalStateException> {

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, IllegalStateException cause) {
            StackTraceElement[] trace = cause.getStackTrace();
            return trace.length > 0 && trace[0].getClassName().startsWith("io.keysweep.")
                    ? new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause)
                    : null;
        }
    }
}
