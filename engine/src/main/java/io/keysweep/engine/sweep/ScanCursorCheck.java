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
 * Checks that SCAN cursors are positions in the hash tables of one Redis, Valkey or Redict server, and not of a proxy.
 *
 * <p>{@link ProxyCheck} uses this check. A sharding proxy puts the server into some bits of its cursors, so its cursors
 * do not follow one another as those of a table do. SCAN counts its position up in reversed bits, so the lowest bit of
 * a cursor changes least often. The check sends SCAN from a few known positions, and compares the cursors in the
 * replies:
 *
 * <ul>
 *   <li>In a table of any size, the position after one whose low bits are all set is the end.
 *   <li>The position after one that ends in binary 01, with all bits above set, ends in 11.
 *   <li>With a table for each slot, the cursor whose lowest 48 bits are all set is the end as well, but the others lie
 *       within the table of a slot.
 * </ul>
 *
 * <p>Cursors of a proxy with the server in the high or the low bits break at least one of these rules. The calls match
 * no key, see {@link CursorProbe}.
 */
final class ScanCursorCheck {

    /** The position after each of these is the end, also with a table for each slot. */
    private static final List<Long> LAST_POSITIONS = List.of((1L << 48) - 1, -1L);

    /** The position after this one is the end of a single table of less than 2^32 buckets. */
    private static final long LAST_POSITION_OF_ONE_TABLE = (1L << 32) - 1;

    /** The last position whose cursor ends in binary 01: all bits above those two are set. */
    private static final long LAST_POSITION_OF_01 = (1L << 32) - 3;

    /** With fewer keys, a table may have so few buckets that one call reaches its end. */
    private static final long MIN_KEYS = 1_000;

    private final NodeLink link;

    /** Creates a check for the server at the other end of a link, which must have database 0 selected. */
    ScanCursorCheck(NodeLink link) {
        this.link = link;
    }

    /**
     * Returns which cursor does not fit, as part of a sentence; null if all fit, or if the user must not run SCAN. Any
     * other error in place of a cursor does not fit either. Database 0 is selected afterwards.
     *
     * @param sizes number of keys by database, at least one; only the database with the most keys is checked
     * @param clusterEnabled whether the server is in cluster mode and may have a table for each slot
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply contains no cursor
     */
    @Nullable String conflict(SortedMap<Integer, Long> sizes, boolean clusterEnabled) {
        Map.Entry<Integer, Long> largest =
                sizes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        List<Long> cursors = new ArrayList<>(LAST_POSITIONS);
        if (!clusterEnabled) {
            cursors.add(LAST_POSITION_OF_ONE_TABLE);
        }
        int lastPositions = cursors.size();
        cursors.add(LAST_POSITION_OF_01);
        int db = largest.getKey();
        if (db != 0) {
            link.call("SELECT", Integer.toString(db));
        }
        List<Reply> replies = link.call(
                        cursors.stream().map(cursor -> CursorProbe.scan(cursor)).toList())
                .replies();
        if (db != 0) {
            link.call("SELECT", "0");
        }
        // The choice of a reclaim method reports the missing permission better.
        if (replies.getFirst() instanceof Reply.Failure failure && ServerErrors.isForbidden(failure)) {
            return null;
        }
        for (int i = 0; i < lastPositions; i++) {
            String next = nextCursor(replies.get(i));
            if (!next.equals("0")) {
                return "SCAN does not end at the last position of a hash table" + describeNext(cursors.get(i), next);
            }
        }
        String next = nextCursor(replies.getLast());
        // In cluster mode the cursor lies within the table of one slot, which may be small.
        boolean orderIsKnown = !clusterEnabled && largest.getValue() >= MIN_KEYS;
        if (orderIsKnown && !endsInBinary11(next)) {
            return "SCAN does not go through a hash table in its order" + describeNext(LAST_POSITION_OF_01, next);
        }
        return null;
    }

    /** Returns whether the last two bits of a cursor are set. */
    private static boolean endsInBinary11(String cursor) {
        // The last two decimal digits decide about the last two bits, since 100 is a multiple of 4.
        return cursor.matches("\\d+") && Integer.parseInt(cursor.substring(Math.max(0, cursor.length() - 2))) % 4 == 3;
    }

    /** Returns the part of the message that names a cursor, the cursor that follows it, and what that means. */
    private static String describeNext(long cursor, String next) {
        return " (cursor " + Long.toUnsignedString(cursor) + " leads to " + next
                + "), although the numbers of keys agree, so DBSIZE may count only some of the keys and the count may be"
                + " too low";
    }

    /** Returns the cursor in a reply to SCAN, or the quoted error in place of the reply. */
    private static String nextCursor(Reply reply) {
        if (reply instanceof Reply.Failure failure) {
            return "\"" + failure.message() + "\"";
        }
        return Long.toUnsignedString(reply.items(2).getFirst().unsigned());
    }
}
