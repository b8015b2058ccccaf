package io.keysweep.server;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Describes failures of the start in one sentence each, in place of Spring's stack trace. */
final class StartFailures {

    private StartFailures() {}

    /** Analyzes failures of the database: another process has locked it, it is down, or it refuses the user. */
    static final class Database extends AbstractFailureAnalyzer<SQLException> {

        /** The error code of H2 for "Database may be already in use". */
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

    /** Analyzes conditions that Keysweep itself refuses, such as a master key that other users can read. */
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
