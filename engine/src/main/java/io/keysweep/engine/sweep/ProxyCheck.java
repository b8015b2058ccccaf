package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ReclaimMethod;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether all commands of a connection reach the same server, or a proxy sends them to different servers.
 *
 * <p>A sharding proxy spreads the keys over several servers. It sends INFO, scripts and transactions to one of them,
 * adds up DBSIZE over all, and writes the number of a server into some bits of its SCAN cursors. A sweep that trusts
 * INFO would cover one server only. Before a sweep, this check compares values that must agree on a single server:
 *
 * <ul>
 * <li>the number of keys in INFO, by DBSIZE, and by DBSIZE within a step (the script or transaction that scans keys)
 * <li>the {@code run_id}, the id of the server process, of two readings of INFO
 * <li>cursors: a SCAN from the last position of a hash table must end there, whatever the size of the table; see
 * {@link ScanCursorCheck}
 * </ul>
 *
 * <p>If the values do not agree, the check returns a {@link SplitView}: the proxy can be swept, but without trust in
 * INFO. It refuses the server if each command may reach another server, or if DBSIZE does not count keys.
 *
 * <p>A server usually runs the commands of one write directly after one another, so the numbers are equal even if other
 * clients write. If a client nevertheless writes in between, the numbers may differ. A comparison with a conflict is
 * therefore repeated.
 */
public final class ProxyCheck {

    /**
     * The number of comparisons. A conflict counts only if all of them find one, since other clients may write during
     * some of them.
     */
    private static final int MAX_COMPARISONS = 5;

    /** The tolerated difference, as a multiple of the change of DBSIZE during the comparison. */
    private static final long TOLERATED_CHANGES = 10;

    /** The number of databases that a server has by default, from number 0. */
    private static final int DEFAULT_DATABASES = 16;

    /** The text of the conflict if two replies to INFO have different run ids. */
    private static final String SEVERAL_INFOS = "INFO comes from another server at each call (run_id)";

    /**
     * Reports that commands see the keys of different servers.
     *
     * @param why the values that do not agree, as part of a sentence
     * @param keyspace the number of keys by DBSIZE, of the first 16 databases and of others that INFO names
     */
    public record SplitView(String why, Keyspace keyspace) {}

    private final NodeLink link;
    private final ServerErrors errors;

    /** Creates a check for the server at the other end of a link, which must have database 0 selected. */
    public ProxyCheck(NodeLink link, ServerErrors errors) {
        this.link = link;
        this.errors = errors;
    }

    /**
     * Compares the values, and returns the conflict, or null if a single server answers. Reads INFO and sends DBSIZE
     * and SELECT, up to five times, and a few SCAN calls that match no key. Afterwards database 0 is selected, unless
     * the user is not allowed to access it.
     *
     * @param info all of INFO, read through the link
     * @param method the reclaim method that the sweep would use; null to compare no steps
     * @throws NodeRefusedException if SELECT or DBSIZE is refused, if DBSIZE does not count keys, or if each command
     *     may reach another server
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply makes no sense
     */
    public @Nullable SplitView check(ServerInfo info, @Nullable ReclaimMethod method) {
        SortedMap<Integer, Long> sizes = new TreeMap<>();
        String conflict = null;
        for (int i = 0; i < MAX_COMPARISONS; i++) {
            conflict = compare(info, method == null ? null : method.dbSizeInStep(), sizes);
            if (conflict == null) {
                // Writes by others do not change the order of cursors, so one comparison of cursors is enough.
                conflict = cursorConflict(info, sizes);
                break;
            }
        }

        // If a proxy's cursors contain the number of a server, the proxy can be swept, since it sends each SCAN to the
        // right server. If INFO comes from different servers and the cursors contain no number, each command may reach
        // any server.
        if (SEVERAL_INFOS.equals(conflict) && cursorConflict(info, sizes) == null) {
            throw new NodeRefusedException(
                    errors.nodeId(),
                    Reason.NOT_COVERABLE,
                    errors.nodeId() + " leads to several servers: " + conflict + ", but its cursors do not name the"
                            + " server, so each SCAN may reach another one; sweep each server by its own address");
        }

        if (conflict == null) {
            return null;
        }
        if (!SEVERAL_INFOS.equals(conflict)) {
            refuseUncountedKeys(info, sizes);
        }
        addUnnamedDatabases(sizes);
        return new SplitView(conflict, keyspace(info, sizes));
    }

    /**
     * Adds the sizes of the databases that INFO does not name, since another server behind the proxy may hold keys in
     * them. Skips databases that cannot be selected.
     */
    private void addUnnamedDatabases(SortedMap<Integer, Long> sizes) {
        List<Integer> unnamedDatabases = IntStream.range(1, DEFAULT_DATABASES)
                .filter(db -> !sizes.containsKey(db))
                .boxed()
                .toList();
        List<Command> commands = new ArrayList<>();
        for (int db : unnamedDatabases) {
            commands.add(select(db));
            commands.add(Command.of("DBSIZE"));
        }
        commands.add(select(0));

        Iterator<Reply> replies = link.call(commands).replies().iterator();
        for (int db : unnamedDatabases) {
            boolean isSelected = !(replies.next() instanceof Reply.Failure);
            Reply size = replies.next();
            if (isSelected && !(size instanceof Reply.Failure)) {
                sizes.put(db, requireSize(size));
            }
        }
    }

    /**
     * Refuses a server whose DBSIZE is 0 for a database in which INFO counts keys. A sweep plans by DBSIZE, and would
     * leave out this database.
     */
    private void refuseUncountedKeys(ServerInfo info, SortedMap<Integer, Long> sizes) {
        Keyspace.of(info).keys().forEach((db, keys) -> {
            if (keys > 0 && sizes.getOrDefault(db, 1L) == 0) {
                throw uncountedKeysRefusal("0 for database " + db + ", in which INFO counts keys");
            }
        });
    }

    /**
     * Returns the exception for a server whose DBSIZE does not count keys.
     *
     * @param answer the server's answer to DBSIZE, as part of a sentence
     */
    private NodeRefusedException uncountedKeysRefusal(String answer) {
        return new NodeRefusedException(
                errors.nodeId(),
                Reason.NOT_COVERABLE,
                errors.nodeId() + " answers DBSIZE with " + answer + ", so nobody knows which keys a sweep must visit;"
                        + " if a proxy answers at this address, sweep each server by its own address");
    }

    /**
     * Returns the evidence of several servers in SCAN cursors; null if there is none, or if the kind of server is
     * unknown.
     */
    private @Nullable String cursorConflict(ServerInfo info, SortedMap<Integer, Long> sizes) {
        return sizes.isEmpty() || ServerIdentity.of(info).flavour() == Flavour.UNKNOWN
                ? null
                : new ScanCursorCheck(link).findConflict(sizes, info.is("cluster_enabled", "1"));
    }

    /**
     * Makes one comparison, and returns the first conflict, or null. Puts the size of each database by DBSIZE into
     * {@code sizes}, except for databases that the user is not allowed to access.
     *
     * @param dbSizeInStep the command that counts the keys within a step; null to skip this count
     */
    private @Nullable String compare(ServerInfo info, @Nullable Command dbSizeInStep, SortedMap<Integer, Long> sizes) {
        SortedSet<Integer> databases = new TreeSet<>(Keyspace.of(info).keys().keySet());
        databases.add(0);
        boolean mustSelect = databases.size() > 1;
        Iterator<Reply> replies = link.call(comparisonCommands(databases, mustSelect, dbSizeInStep))
                .replies()
                .iterator();

        ServerInfo secondInfo = ServerInfo.parse(replies.next().text());
        String conflict = info.text("run_id").equals(secondInfo.text("run_id")) ? null : SEVERAL_INFOS;

        Keyspace reportedKeyspace = Keyspace.of(secondInfo);
        for (int db : databases) {
            boolean isDenied = mustSelect && isDenied(replies.next());
            Reply firstReply = replies.next();
            Reply replyInStep = dbSizeInStep == null ? null : replies.next();
            Reply lastReply = replies.next();
            if (isDenied) {
                // The SELECT failed, so the replies count the keys of the database that was selected before.
                continue;
            }
            long firstSize = requireSize(firstReply);
            long lastSize = requireSize(lastReply);
            sizes.put(db, lastSize);
            if (conflict == null) {
                long reportedSize = reportedKeyspace.keys().getOrDefault(db, 0L);
                conflict = sizeConflict(db, firstSize, lastSize, reportedSize, replyInStep);
            }
        }
        return conflict;
    }

    /**
     * Returns whether the user is not allowed to access a database; throws {@link NodeRefusedException} for another
     * error.
     */
    private boolean isDenied(Reply selection) {
        if (!(selection instanceof Reply.Failure failure)) {
            return false;
        }
        if (ServerErrors.isDatabaseDenied(failure)) {
            return true;
        }
        throw errors.of("SELECT", failure, MethodSelector.neededCommands());
    }

    /** Returns the commands of one comparison: INFO, then for each database DBSIZE, DBSIZE in a step, and DBSIZE. */
    private static List<Command> comparisonCommands(
            SortedSet<Integer> databases, boolean mustSelect, @Nullable Command dbSizeInStep) {
        List<Command> commands = new ArrayList<>(List.of(Command.of("INFO")));
        for (int db : databases) {
            if (mustSelect) {
                commands.add(select(db));
            }
            commands.add(Command.of("DBSIZE"));
            if (dbSizeInStep != null) {
                commands.add(dbSizeInStep);
            }
            commands.add(Command.of("DBSIZE"));
        }
        if (mustSelect) {
            commands.add(select(0));
        }
        return commands;
    }

    /**
     * Describes the numbers of keys in a database that differ; null if they agree.
     *
     * @param firstSize the first reply to DBSIZE
     * @param lastSize the last reply to DBSIZE
     * @param reportedSize the number of keys in INFO
     * @param replyInStep the reply that contains DBSIZE within a step; null if it was not read
     */
    private static @Nullable String sizeConflict(
            int db, long firstSize, long lastSize, long reportedSize, @Nullable Reply replyInStep) {
        if (differs(reportedSize, firstSize, lastSize)) {
            return String.format(
                    Locale.ROOT, "DBSIZE counts %,d keys in database %d, but INFO %,d", lastSize, db, reportedSize);
        }
        if (replyInStep != null && differs(sizeInReply(replyInStep), firstSize, lastSize)) {
            return String.format(
                    Locale.ROOT,
                    "DBSIZE counts %,d keys in database %d, but %,d within a script or transaction",
                    lastSize,
                    db,
                    sizeInReply(replyInStep));
        }
        return null;
    }

    private static Command select(int db) {
        return Command.of("SELECT", Integer.toString(db));
    }

    /**
     * Returns the size in a reply to DBSIZE. Throws {@link NodeRefusedException} if DBSIZE is refused, or is below 0,
     * which is the answer of proxies that do not support it.
     */
    private long requireSize(Reply reply) {
        if (reply instanceof Reply.Failure failure) {
            throw errors.of("DBSIZE", failure, MethodSelector.neededCommands());
        }
        long size = reply.number();
        if (size < 0) {
            throw uncountedKeysRefusal(Long.toString(size));
        }
        return size;
    }

    /**
     * Returns the size in the reply to {@link ReclaimMethod#dbSizeInStep}: a number, or a list that begins with one.
     */
    private static long sizeInReply(Reply reply) {
        return reply instanceof Reply.Items items ? items.items(1).getFirst().number() : reply.number();
    }

    /** Returns whether a size cannot lie between two replies to DBSIZE, with a tolerance for writes in between. */
    private static boolean differs(long size, long firstSize, long lastSize) {
        long tolerance = TOLERATED_CHANGES * Math.abs(lastSize - firstSize);
        return size < Math.min(firstSize, lastSize) - tolerance || size > Math.max(firstSize, lastSize) + tolerance;
    }

    /**
     * Returns the databases that hold keys by DBSIZE. The numbers of keys with a TTL come from INFO, the only source.
     */
    private static Keyspace keyspace(ServerInfo info, SortedMap<Integer, Long> sizes) {
        SortedMap<Integer, Long> keys = new TreeMap<>();
        SortedMap<Integer, Long> expires = new TreeMap<>();
        for (Map.Entry<Integer, Long> size : sizes.entrySet()) {
            if (size.getValue() > 0) {
                keys.put(size.getKey(), size.getValue());
                expires.put(size.getKey(), Keyspace.of(info).expires().getOrDefault(size.getKey(), 0L));
            }
        }
        return new Keyspace(keys, expires, Keyspace.of(info).expirableHashes());
    }
}
