package io.keysweep.server.error;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the database's absence, which passes by itself, from a fault of ours. */
final class DatabaseAway {

    /** A connection that broke or was not to be had. */
    private static final String CONNECTION = "08";

    /** PostgreSQL is being shut down, has crashed, or is not up yet: each ends the connection. */
    private static final Set<String> SHUT_DOWN = Set.of("57P01", "57P02", "57P03");

    private DatabaseAway() {}

    /** Whether that is why something failed. The pool says so too where all its connections are taken for too long. */
    static boolean causes(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && away(e)) {
                return true;
            }
        }
        return false;
    }

    private static boolean away(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException
                || (state != null && (state.startsWith(CONNECTION) || SHUT_DOWN.contains(state)));
    }
}
