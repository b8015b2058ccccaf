package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Determines which of the databases with keys the user may access.
 *
 * <p>Since Valkey 9.1, an administrator may limit a user to some databases.
 *
 * @param link a new connection to the server, on which database 0 is selected
 * @param errors explains the server's error replies
 */
public record DatabaseAccess(NodeLink link, ServerErrors errors) {

    /**
     * Checks that the user may access all databases with keys, and selects the first of them.
     *
     * @param keyspace the databases with keys, as INFO reports them
     * @throws NodeRefusedException if a database cannot be selected
     */
    public void requireAccessToAll(Keyspace keyspace) {
        selectPermitted(keyspace, /* skipDenied= */ false);
    }

    /**
     * Finds the databases with keys that the user may access, selects the first of them, and returns all. Sends SELECT
     * only if a database other than 0 has keys, as a sweep does, so that a user without that permission can sweep
     * database 0.
     *
     * @param keyspace the databases with keys, as INFO reports them
     * @param skipDenied whether to leave out databases that the user is not allowed to access
     * @return the numbers of the databases; empty only if no database has keys
     * @throws NodeRefusedException if a database cannot be selected and must not be left out, or if the user may access
     *     no database with keys
     */
    SortedSet<Integer> selectPermitted(Keyspace keyspace, boolean skipDenied) {
        List<Integer> databases = List.copyOf(keyspace.keys().keySet());
        // The flag is also true if no database has keys; tryAccess then sends nothing.
        boolean onlyDatabaseZero = databases.stream().allMatch(db -> db == 0);
        SortedSet<Integer> permittedDatabases = new TreeSet<>();
        List<NodeRefusedException> denials = new ArrayList<>();
        List<Reply> replies = tryAccess(databases, onlyDatabaseZero);
        for (int i = 0; i < databases.size(); i++) {
            if (!(replies.get(i) instanceof Reply.Failure failure)) {
                permittedDatabases.add(databases.get(i));
            } else if (ServerErrors.isDatabaseDenied(failure)) {
                denials.add(errors.ofDatabase(databases.get(i), failure, MethodSelector.neededCommands()));
            } else if (!onlyDatabaseZero) {
                throw errors.of("SELECT", failure, MethodSelector.neededCommands());
            } else {
                // The user is not allowed to run DBSIZE. The later choice of a reclaim method reports this with a
                // better message.
                permittedDatabases.add(databases.get(i));
            }
        }
        if (!denials.isEmpty() && (!skipDenied || permittedDatabases.isEmpty())) {
            throw denials.getFirst();
        }
        if (!onlyDatabaseZero) {
            link.call("SELECT", Integer.toString(permittedDatabases.getFirst()));
        }
        return permittedDatabases;
    }

    /**
     * Sends one command for each database, whose reply shows whether the user may access it, and returns the replies.
     */
    private List<Reply> tryAccess(List<Integer> databases, boolean onlyDatabaseZero) {
        if (databases.isEmpty()) {
            return List.of();
        }
        List<Command> commands = databases.stream()
                .map(db -> onlyDatabaseZero ? Command.of("DBSIZE") : Command.of("SELECT", Integer.toString(db)))
                .toList();
        return link.call(commands).replies();
    }
}
