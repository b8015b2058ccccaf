package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.plan.ScanCursor;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * Determines whether the low bits of a server's SCAN cursors are a slot or part of a key's hash.
 *
 * <p>Sweeps and estimates use the result to divide a database into segments (slices), see {@link Segmentation}. In
 * cluster mode, the 14 low bits of a cursor are the slot on some servers (Redis 8, Valkey 8), which keep a hash table
 * for each slot. Others (Redis 7.0) keep one hash table for all slots, and the 14 bits are the low bits of the keys'
 * hashes. No documentation says which version does which, so this class sends {@value #PROBES} SCAN commands and
 * compares the cursors in the replies.
 *
 * <p>A cursor is a position in a hash table with its bits reversed, see {@link ScanCursor}. Each probe starts at the
 * last position in the table of one slot. That slot is in the upper half of all slots, so the highest bit of its number
 * is 1.
 *
 * <ul>
 * <li>If each slot has its own table, the call leaves that table, and the returned cursor is in a later slot or 0.
 * <li>If there is one table, the server adds 1 to the reversed cursor. The carry clears the highest of the 14 low bits.
 * So the low bits of the returned cursor are a lower number than before.
 * </ul>
 *
 * <p>A call skips empty buckets, so on a server with one table, a returned cursor may by chance look like a later slot.
 * This happens in at most about half of the replies.
 *
 * <p>The probes match no key. Servers that filter by name before they check expiry therefore remove nothing. Other
 * servers remove the few expired keys that the probes meet, as they do for every client that reads these keys.
 */
public final class CursorProbe {

    /** The number of probes, high enough to tell "about half of the replies" from "all replies". */
    private static final int PROBES = 64;

    /**
     * The smallest number of keys in a database for which the result matters. A database with fewer keys is a single
     * segment, for every kind of cursor. In a table that is too small, every probe may also reach the end of the scan.
     */
    public static final long MIN_KEYS = 2L * Segmentation.MIN_KEYS_PER_SEGMENT;

    /**
     * A pattern that matches no key, as applications do not begin names with control characters. The wildcard at the
     * end is needed because some servers would otherwise search only the slot of that one name.
     */
    private static final String PATTERN_OF_NO_KEY = "\u0001keysweep no key\u0001*";

    private static final long SLOTS = 1L << ScanCursor.SLOT_BITS;

    private final NodeLink link;

    /**
     * Creates a probe.
     *
     * @param link a link to the server, with database 0 selected
     */
    public CursorProbe(NodeLink link) {
        this.link = link;
    }

    /**
     * Returns the meaning of the low bits. Sends probes only to a server of a known flavour in cluster mode that has a
     * database of at least {@link #MIN_KEYS} keys. Probes the largest database. Database 0 is selected again
     * afterwards.
     *
     * @param flavour the family of the server
     * @param clusterEnabled whether the server is in cluster mode
     * @param keys the number of keys by database number; the user must be allowed to select these databases
     * @return {@link LowBits#HASH} for a server that is not in cluster mode. {@link LowBits#UNKNOWN} for an unknown
     *     flavour; also in cluster mode if no database has enough keys, if a reply is an error, or if the replies are
     *     not clear
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply has a different form than a reply to SCAN
     */
    public LowBits lowBits(Flavour flavour, boolean clusterEnabled, SortedMap<Integer, Long> keys) {
        if (flavour == Flavour.UNKNOWN) {
            return LowBits.UNKNOWN;
        }
        if (!clusterEnabled) {
            return LowBits.HASH;
        }
        Map.Entry<Integer, Long> largestDatabase = keys.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .orElse(null);
        return largestDatabase == null || largestDatabase.getValue() < MIN_KEYS
                ? LowBits.UNKNOWN
                : probe(largestDatabase.getKey());
    }

    /** Sends all probes to a database, and returns the meaning of the low bits that the replies show. */
    private LowBits probe(int db) {
        // Only Valkey 9 and newer have several databases in a cluster. On other servers db is 0, and SELECT may be
        // forbidden.
        if (db != 0) {
            link.call("SELECT", Integer.toString(db));
        }
        List<Reply> replies = link.call(IntStream.range(0, PROBES)
                        .mapToObj(CursorProbe::probeCommand)
                        .toList())
                .replies();
        if (db != 0) {
            link.call("SELECT", "0");
        }

        return lowBits(replies);
    }

    /** Returns the meaning of the low bits that the replies to all probes show; unknown if they are not clear. */
    private static LowBits lowBits(List<Reply> replies) {
        int repliesInLaterSlot = 0;
        for (int i = 0; i < PROBES; i++) {
            // The reply is an error, for example because the user must not run SCAN. The sweep itself reports it.
            if (!(replies.get(i) instanceof Reply.Items page)) {
                return LowBits.UNKNOWN;
            }
            long nextCursor = page.items(2).getFirst().unsigned();
            if (nextCursor == 0 || ScanCursor.slot(nextCursor) > probeSlot(i)) {
                repliesInLaterSlot++;
            }
        }

        // With one table, up to half of the replies may look like a later slot, see the class comment. A number between
        // half and all proves neither kind.
        if (repliesInLaterSlot == PROBES) {
            return LowBits.SLOT;
        }
        return repliesInLaterSlot <= PROBES / 2 ? LowBits.HASH : LowBits.UNKNOWN;
    }

    /** Returns the command of one probe, see the class comment. */
    private static Command probeCommand(int probeIndex) {
        return scan(ScanCursor.endOfSlot(probeSlot(probeIndex)));
    }

    /** Returns a SCAN from a cursor that visits as few keys as possible and matches none. */
    static Command scan(long cursor) {
        return Command.of("SCAN", Long.toUnsignedString(cursor), "MATCH", PATTERN_OF_NO_KEY, "COUNT", "1");
    }

    /** Returns the slot of one probe. The probes are spread evenly over the upper half of the slots. */
    private static long probeSlot(int probeIndex) {
        return SLOTS / 2 + probeIndex * (SLOTS / 2 / PROBES);
    }
}
