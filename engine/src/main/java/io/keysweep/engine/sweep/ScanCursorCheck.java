package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks that SCAN cursors are positions in the hash tables of one server, and not numbers that a proxy has made.
 *
 * <p>{@link ProxyCheck} uses this check. A sharding proxy spreads the keys over several servers, and puts the number of
 * a server into some bits of its cursors. Such cursors follow one another in a different order than the cursors of
 * Redis, Valkey and Redict. The cursors of these servers are positions in a hash table with the bits reversed, see
 * {@link io.keysweep.engine.plan.ScanCursor}. SCAN counts up from the highest bit that the table uses, so the lowest
 * bits change last. The check sends SCAN from a few known positions, and compares the cursors in the replies with these
 * rules:
 *
 * <ul>
 * <li>A cursor whose low bits are all set is the last position of a table, so the next cursor is 0, the end. On a
 * server with one table, 32 such bits are enough. A server with a table for each slot uses the lowest 14 bits for the
 * slot. On such a server, the check uses only cursors with 48 or all 64 bits set.
 * <li>The cursor whose lowest bits are 01, and whose 30 bits above these two are all set, is the last position whose
 * cursor ends in 01. The next cursor ends in 11. The rule does not apply to a server with a table for each slot, where
 * the two bits are a part of the slot.
 * </ul>
 *
 * <p>If a proxy writes the number of a server into the high or the low bits, its cursors break at least one of these
 * rules. The calls match no key, see {@link CursorProbe}.
 */
final class ScanCursorCheck {

    /** Cursors that are the last position of every table, even if the server keeps a table for each slot. */
    private static final List<Long> LAST_POSITIONS = List.of((1L << 48) - 1, -1L);
    /** A cursor that is the last position if the server keeps one table, and the table has less than 2^32 buckets. */
    private static final long LAST_POSITION_OF_ONE_TABLE = (1L << 32) - 1;
    /** The last position of one table whose cursor ends in binary 01: all higher bits are set. */
    private static final long LAST_POSITION_ENDING_IN_01 = (1L << 32) - 3;
    /**
     * The smallest number of keys for the second rule. With fewer, a table may have so few buckets that one call
     * reaches its end.
     */
    private static final long MIN_KEYS = 1_000;

    private final NodeLink link;

    /** Creates a check for the server at the other end of a link, which must have database 0 selected. */
    ScanCursorCheck(NodeLink link) {
        this.link = link;
    }

    /**
     * Sends the SCANs, and describes the first cursor that breaks a rule, as part of a sentence. Returns null if there
     * is none, or if the user must not run SCAN. Any other error instead of a cursor is treated as a broken rule.
     * Database 0 is selected afterwards.
     *
     * @param sizes the number of keys by database, at least one; only the database with the most keys is checked
     * @param clusterEnabled whether the server is in cluster mode and may have a table for each slot
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply contains no cursor
     */
    @Nullable String findConflict(SortedMap<Integer, Long> sizes, boolean clusterEnabled) {
        Map.Entry<Integer, Long> largestDatabase =
                sizes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        List<Long> lastPositions = new ArrayList<>(LAST_POSITIONS);
        if (!clusterEnabled) {
            lastPositions.add(LAST_POSITION_OF_ONE_TABLE);
        }
        List<Long> cursors = new ArrayList<>(lastPositions);
        cursors.add(LAST_POSITION_ENDING_IN_01);
        List<Reply> replies = scanFrom(cursors, largestDatabase.getKey());
        // The reclaim method is chosen next, and that choice explains the missing permission to the user.
        if (replies.getFirst() instanceof Reply.Failure failure && ServerErrors.isForbidden(failure)) {
            return null;
        }
        String conflict = conflictAtEnd(lastPositions, replies);
        if (conflict != null) {
            return conflict;
        }
        String nextAfterEndingIn01 = nextCursor(replies.getLast());
        // In cluster mode the cursor lies within the table of one slot, which may be small.
        boolean orderIsKnown = !clusterEnabled && largestDatabase.getValue() >= MIN_KEYS;
        return orderIsKnown && !endsInBinary11(nextAfterEndingIn01)
                ? "SCAN does not go through a hash table in its order"
                        + describeNext(LAST_POSITION_ENDING_IN_01, nextAfterEndingIn01)
                : null;
    }

    /** Sends a SCAN from each cursor to a database, selects database 0 again, and returns the replies in that order. */
    private List<Reply> scanFrom(List<Long> cursors, int db) {
        if (db != 0) {
            link.call("SELECT", Integer.toString(db));
        }
        List<Reply> replies = link.call(
                        cursors.stream().map(cursor -> CursorProbe.scan(cursor)).toList())
                .replies();
        if (db != 0) {
            link.call("SELECT", "0");
        }
        return replies;
    }

    /**
     * Describes the first last position after which the scan does not end (with cursor 0); null if the scan ends after
     * all of them.
     *
     * @param replies the replies to the SCANs from these positions, in the same order; more may follow
     */
    private static @Nullable String conflictAtEnd(List<Long> lastPositions, List<Reply> replies) {
        for (int i = 0; i < lastPositions.size(); i++) {
            String nextCursor = nextCursor(replies.get(i));
            if (!nextCursor.equals("0")) {
                return "SCAN does not end at the last position of a hash table"
                        + describeNext(lastPositions.get(i), nextCursor);
            }
        }
        return null;
    }

    /** Returns whether the last two bits of a cursor are set. */
    private static boolean endsInBinary11(String cursor) {
        // The last two decimal digits determine the last two bits, since 100 is a multiple of 4.
        return cursor.matches("\\d+") && Integer.parseInt(cursor.substring(Math.max(0, cursor.length() - 2))) % 4 == 3;
    }

    /**
     * Returns the end of the message: a cursor, the cursor that follows it, and the consequence. DBSIZE and INFO agree
     * when it is used, since {@link ProxyCheck} compares them first.
     */
    private static String describeNext(long cursor, String nextCursor) {
        return " (cursor " + Long.toUnsignedString(cursor) + " leads to " + nextCursor
                + "), although the numbers of keys agree, so DBSIZE may count only some of the keys and the count may"
                + " be too low";
    }

    /** Returns the cursor in a reply to SCAN, or the quoted error instead of the reply. */
    private static String nextCursor(Reply reply) {
        if (reply instanceof Reply.Failure failure) {
            return "\"" + failure.message() + "\"";
        }
        return Long.toUnsignedString(reply.items(2).getFirst().unsigned());
    }
}
