package io.keysweep.server.error;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Recognises failures of the database, as opposed to bugs in the service. A bug needs a new version of the service; a
 * failure of the database does not.
 *
 * <p>Such failures are:
 *
 * <ul>
 *   <li>an unreachable database;
 *   <li>a connection that broke in the middle of a transaction;
 *   <li>a pool without a free connection;
 *   <li>a transaction that the database ended because of another transaction.
 * </ul>
 *
 * <p>After such a failure, a request gets a status after which clients try again, and the log gets no stack trace.
 */
public final class DatabaseOutage {

    /**
     * The SQLSTATE classes of failures that are not the fault of the statement: connection exception, transaction
     * rollback (deadlock, serialization), insufficient resources, object not in the right state (locks), operator
     * intervention (shutdown), system error, and internal error of PostgreSQL.
     */
    private static final Set<String> CLASSES = Set.of("08", "40", "53", "55", "57", "58", "XX");

    /**
     * Two further states of failures. Other states of their classes are the fault of the statement. A PostgreSQL that
     * has become a standby refuses writes with 25006. It ends a transaction whose process was frozen with 25P03.
     */
    private static final Set<String> OTHER_STATES = Set.of("25006", "25P03");

    private DatabaseOutage() {}

    /**
     * Returns whether a failure of the database caused an exception, directly or through other exceptions; false for
     * null.
     */
    public static boolean isCauseOf(@Nullable Throwable thrown) {
        // Exceptions can refer to one another in a circle.
        Set<Throwable> visitedCauses = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> toCheck = new ArrayDeque<>();
        add(toCheck, thrown);
        while (!toCheck.isEmpty()) {
            Throwable next = toCheck.removeLast();
            if (visitedCauses.add(next)) {
                if (isFailure(next)) {
                    return true;
                }
                add(toCheck, next.getCause());
                if (next instanceof SQLException e) {
                    add(toCheck, e.getNextException());
                }
                // If the rollback has also failed, getCause() is the failure of the rollback. The exception that came
                // first is in a separate field.
                if (next instanceof TransactionSystemException e) {
                    add(toCheck, e.getApplicationException());
                }
            }
        }
        return false;
    }

    private static void add(Deque<Throwable> toCheck, @Nullable Throwable thrown) {
        if (thrown != null) {
            toCheck.addLast(thrown);
        }
    }

    private static boolean isFailure(Throwable thrown) {
        return switch (thrown) {
            // Spring has already recognised these two as failures.
            case DataAccessResourceFailureException e -> true;
            case TransientDataAccessException e -> true;
            case SQLException e -> isFailure(e);
            default -> false;
        };
    }

    /**
     * Returns whether an exception of the driver or of the pool is a failure of the database. Decides from the type of
     * the exception or from its SQLSTATE, because drivers and the pool differ in which of the two they set.
     */
    private static boolean isFailure(SQLException e) {
        String state = e.getSQLState();
        boolean isFailureType = e instanceof SQLTransientException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException;
        if (isFailureType) {
            return true;
        }
        if (state == null) {
            // The pool sets neither a state nor a cause if the connection or the pool itself is closed. If there is a
            // cause, the cause decides.
            return e.getCause() == null && e.getNextException() == null;
        }
        return OTHER_STATES.contains(state) || CLASSES.contains(sqlStateClass(state));
    }

    /** Returns the class of an SQLSTATE: its first two characters. */
    private static String sqlStateClass(String state) {
        return state.substring(0, Math.min(2, state.length()));
    }
}
