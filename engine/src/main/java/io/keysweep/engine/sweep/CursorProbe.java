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
 * Finds out, by probing, what the low bits of a server's SCAN cursors are.
 *
 * <p>A sweep divides each database into segments (slices) by these bits, see {@link Segmentation}. Outside a cluster
 * the low bits are always part of the key's hash. In cluster mode the low bits are the slot on some servers (Redis 8,
 * Valkey 8) and part of the key's hash on others (Redis 7.0). The documentation of no version says which, so this class
 * tries it.
 *
 * <p>Each probe is a SCAN whose cursor is the last position of a slot in the upper half of the slots:
 *
 * <ul>
 *   <li>If each slot has its own table, the call leaves that table, and the returned cursor is in a later slot or 0.
 *   <li>If there is one table, SCAN adds 1 to the reversed cursor. The addition carries over and clears the highest of
 *       the 14 low bits, so the returned cursor has lower low bits.
 * </ul>
 *
 * <p>How far a call gets depends on how full the buckets are, so a single answer may look like the other kind. All
 * {@value #PROBES} together do not. The probes match no key and change no live key. Servers that filter by name before
 * they check expiry then remove nothing. Other servers remove the few expired keys that a probe meets, as for any
 * reader.
 */
public final class CursorProbe {

    /** The number of probes, which are sent in one write. */
    private static final int PROBES = 64;

    /**
     * Smallest number of keys to probe with. With fewer, the end of the table may be near every probe, and the database
     * is a single segment anyway.
     */
    public static final long MIN_KEYS = 2L * Segmentation.MIN_KEYS_PER_SEGMENT;

    /**
     * Matches no key, since no name begins like this. A pattern without a wildcard makes some servers search only one
     * slot.
     */
    private static final String PATTERN_OF_NO_KEY = "\u0001keysweep no key\u0001*";

    /** The number of slots of every cluster, 16384. */
    private static final long SLOTS = 1L << ScanCursor.SLOT_BITS;

    private final NodeLink link;

    /** Creates a probe for the server at the other end of a link, which must have database 0 selected. */
    public CursorProbe(NodeLink link) {
        this.link = link;
    }

    /**
     * Returns what the low bits are. Sends probes only to a known server in cluster mode with enough keys. The probes
     * go to the database with the most keys; afterwards database 0 is selected again.
     *
     * @param flavour the family of the server
     * @param clusterEnabled whether the server is in cluster mode
     * @param keys the number of keys by database number
     * @return {@link LowBits#UNKNOWN} for an unknown flavour, and in cluster mode if no database has {@link #MIN_KEYS}
     *     keys or the answers are not clear; {@link LowBits#HASH} for a known server outside a cluster
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply to SCAN contains no cursor
     */
    public LowBits lowBits(Flavour flavour, boolean clusterEnabled, SortedMap<Integer, Long> keys) {
        if (flavour == Flavour.UNKNOWN) {
            return LowBits.UNKNOWN;
        }
        if (!clusterEnabled) {
            return LowBits.HASH;
        }
        Map.Entry<Integer, Long> largest = keys.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .orElse(null);
        return largest == null || largest.getValue() < MIN_KEYS ? LowBits.UNKNOWN : probe(largest.getKey());
    }

    /** Sends all probes to a database, and returns what the returned cursors show; unknown if a SCAN is refused. */
    private LowBits probe(int db) {
        // A cluster with several databases exists since Valkey 9. The caller has checked that SELECT is allowed.
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
        int inLaterSlot = 0;
        for (int i = 0; i < PROBES; i++) {
            if (!(replies.get(i) instanceof Reply.Items page)) {
                return LowBits.UNKNOWN;
            }
            long next = page.items(2).getFirst().unsigned();
            if (next == 0 || ScanCursor.slot(next) > slotOfProbe(i)) {
                inLaterSlot++;
            }
        }
        // With one table, up to half of the answers may look like a later slot. A number above half and below all is
        // not clear.
        if (inLaterSlot == PROBES) {
            return LowBits.SLOT;
        }
        return inLaterSlot <= PROBES / 2 ? LowBits.HASH : LowBits.UNKNOWN;
    }

    /** Returns the probe with this index, from 0. */
    private static Command probeCommand(int probeIndex) {
        return scan(ScanCursor.endOfSlot(slotOfProbe(probeIndex)));
    }

    /** Returns a SCAN from a cursor that visits as few keys as possible and matches none. */
    static Command scan(long cursor) {
        return Command.of("SCAN", Long.toUnsignedString(cursor), "MATCH", PATTERN_OF_NO_KEY, "COUNT", "1");
    }

    /** Spreads the probes over the upper half of the slots, whose highest bit is set. */
    private static long slotOfProbe(int probeIndex) {
        return SLOTS / 2 + probeIndex * (SLOTS / 2 / PROBES);
    }
}
