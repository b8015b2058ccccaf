package io.keysweep.server.error;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Distinguishes an unreachable database, which recovers by itself, from a bug in the service. */
final class DatabaseOutage {

    /** The SQLSTATE class of connection exceptions (SQL standard). */
    private static final String CONNECTION = "08";

    /** SQLSTATEs of PostgreSQL's admin_shutdown, crash_shutdown and cannot_connect_now, which end the connection. */
    private static final Set<String> SHUT_DOWN = Set.of("57P01", "57P02", "57P03");

    private DatabaseOutage() {}

    /**
     * Returns whether an unreachable database caused an exception, directly or through other exceptions.
     *
     * <p>The result is true, too, if the connection pool timed out because all its connections were in use.
     */
    static boolean isCauseOf(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && isConnectionFailure(e)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Decides by the type of the exception and by its SQLSTATE, because drivers and the pool differ in what they set.
     */
    private static boolean isConnectionFailure(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException
                || (state != null && (state.startsWith(CONNECTION) || SHUT_DOWN.contains(state)));
    }
}
