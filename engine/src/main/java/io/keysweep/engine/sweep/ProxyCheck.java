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
import org.jspecify.annotations.Nullable;

/**
 * Checks whether all commands of a connection see the keys of the same server, or a proxy sends them to different ones.
 *
 * <p>A sharding proxy answers INFO, scripts and transactions from one server, adds up DBSIZE over all servers, and puts
 * the server into some bits of its SCAN cursors. A sweep that trusts INFO would cover one server only. The check
 * compares what must be equal on a single server:
 *
 * <ul>
 *   <li>the number of keys in INFO, by DBSIZE, and by DBSIZE within the step of an atomic reclaim method
 *   <li>the {@code run_id} of two readings of INFO
 *   <li>cursors: from the last position of a hash table of any size, SCAN must end; see {@link ScanCursorCheck}
 * </ul>
 *
 * <p>A server runs commands that it reads together one after the other, so equal numbers need no tolerance. If other
 * clients write between them nevertheless, the check is repeated.
 */
public final class ProxyCheck {

    /** The number of comparisons, since other clients may write during one. */
    private static final int MAX_COMPARISONS = 5;

    /** Tolerated difference, as a multiple of what the number of keys changed by during the comparison. */
    private static final long TOLERATED_CHANGES = 10;

    private static final String SEVERAL_INFOS = "INFO comes from another server at each call (run_id)";

    /**
     * Reports that commands see the keys of different servers.
     *
     * @param why what does not fit together, as part of a sentence
     * @param keyspace the number of keys by DBSIZE, of database 0 and of those that INFO names
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
     * Returns what does not fit together, or null if a single server answers.
     *
     * @param info all of INFO, read through the link
     * @param method the reclaim method that the sweep would use; null to compare no steps
     * @throws NodeRefusedException if DBSIZE is refused, so that nothing can be compared, or if each command may reach
     *     another server
     */
    public @Nullable SplitView check(ServerInfo info, @Nullable ReclaimMethod method) {
        SortedMap<Integer, Long> sizes = new TreeMap<>();
        String conflict = null;
        for (int i = 0; i < MAX_COMPARISONS; i++) {
            conflict = compare(info, method == null ? null : method.sizeInStep(), sizes);
            if (conflict == null) {
                conflict = cursorConflict(info, sizes);
                break;
            }
        }
        if (SEVERAL_INFOS.equals(conflict) && cursorConflict(info, sizes) == null) {
            throw new NodeRefusedException(
                    errors.nodeId(),
                    Reason.NOT_COVERABLE,
                    errors.nodeId() + " leads to several servers: " + conflict + ", but its cursors do not name the"
                            + " server, so each SCAN may reach another one; sweep each server by its own address");
        }
        return conflict == null ? null : new SplitView(conflict, keyspace(info, sizes));
    }

    private @Nullable String cursorConflict(ServerInfo info, SortedMap<Integer, Long> sizes) {
        return sizes.isEmpty() || ServerIdentity.of(info).flavour() == Flavour.UNKNOWN
                ? null
                : new ScanCursorCheck(link).conflict(sizes, info.is("cluster_enabled", "1"));
    }

    /** Compares once; returns the first conflict or null. Replaces the sizes by those of DBSIZE. */
    private @Nullable String compare(ServerInfo info, @Nullable Command sizeInStep, SortedMap<Integer, Long> sizes) {
        SortedSet<Integer> databases = new TreeSet<>(Keyspace.of(info).keys().keySet());
        databases.add(0);
        boolean selecting = databases.size() > 1;
        List<Command> commands = new ArrayList<>(List.of(Command.of("INFO")));
        for (int db : databases) {
            if (selecting) {
                commands.add(select(db));
            }
            commands.add(Command.of("DBSIZE"));
            if (sizeInStep != null) {
                commands.add(sizeInStep);
            }
            commands.add(Command.of("DBSIZE"));
        }
        if (selecting) {
            commands.add(select(0));
        }
        Iterator<Reply> replies = link.call(commands).replies().iterator();
        ServerInfo again = ServerInfo.parse(replies.next().text());
        String conflict = info.text("run_id").equals(again.text("run_id")) ? null : SEVERAL_INFOS;
        Keyspace keyspace = Keyspace.of(again);
        for (int db : databases) {
            boolean denied = selecting
                    && replies.next() instanceof Reply.Failure failure
                    && ServerErrors.isDatabaseDenied(failure);
            Reply first = replies.next();
            Reply inStep = sizeInStep == null ? null : replies.next();
            Reply last = replies.next();
            if (denied) {
                // The replies count the keys of the database that is still selected.
                continue;
            }
            long before = requireSize(first);
            long after = requireSize(last);
            sizes.put(db, after);
            long reported = keyspace.keys().getOrDefault(db, 0L);
            if (conflict == null && differs(reported, before, after)) {
                conflict = String.format(
                        Locale.ROOT, "DBSIZE counts %,d keys in database %d, but INFO %,d", after, db, reported);
            }
            if (conflict == null && inStep != null && differs(sizeInReply(inStep), before, after)) {
                conflict = String.format(
                        Locale.ROOT,
                        "DBSIZE counts %,d keys in database %d, but %,d within a script or transaction",
                        after,
                        db,
                        sizeInReply(inStep));
            }
        }
        return conflict;
    }

    private static Command select(int db) {
        return Command.of("SELECT", Integer.toString(db));
    }

    /** Returns the size in a reply to DBSIZE; throws {@link NodeRefusedException} if DBSIZE is refused. */
    private long requireSize(Reply reply) {
        if (reply instanceof Reply.Failure failure) {
            throw errors.of("DBSIZE", failure, MethodSelector.neededCommands());
        }
        return reply.number();
    }

    /** Returns the size in the reply to {@link ReclaimMethod#sizeInStep}: a number, or a list that begins with one. */
    private static long sizeInReply(Reply inStep) {
        return inStep instanceof Reply.Items items ? items.items(1).getFirst().number() : inStep.number();
    }

    private static boolean differs(long size, long before, long after) {
        long tolerance = TOLERATED_CHANGES * Math.abs(after - before);
        return size < Math.min(before, after) - tolerance || size > Math.max(before, after) + tolerance;
    }

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
