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
 * Finds out what the cursors of a server end in, by asking: in cluster mode it is the slot on some (Redis 8, Valkey 8)
 * and the hash on others (Redis 7.0), and no version promises either.
 *
 * <p>Each question is a SCAN from the last position of a slot. Where slots have tables, it ends that table and goes on to
 * a later slot, or to the end. Where they have not, the carry of the reversed count clears the highest of the 14 bits,
 * so that a lower number comes back. How many buckets a call passes depends on how full they are, so single
 * answers may look like the other kind; all of them never do. The calls are filtered by a name that no key has: on servers that filter
 * first nothing is reclaimed, and others reclaim some keys of a few buckets, as any reader would.
 */
public final class CursorProbe {

    private static final int QUESTIONS = 64;

    /** With fewer keys the answers may be those of an end that is near, and there is one segment anyway. */
    public static final long MIN_KEYS = 2L * Segmentation.MIN_KEYS;

    /** With a wildcard, as some servers look only into one slot for a name without. */
    private static final String NO_KEY = "\u0001keysweep no key\u0001*";

    private static final long SLOTS = 1L << ScanCursor.SLOT_BITS;

    private final NodeLink link;

    /** For the server at the other end of a link. */
    public CursorProbe(NodeLink link) {
        this.link = link;
    }

    /**
     * What they end in; unknown also in cluster mode where there are too few keys to tell.
     *
     * @param flavour family of the server
     * @param clusterEnabled whether it is in cluster mode
     * @param keys keys a database
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
        return largest == null || largest.getValue() < MIN_KEYS ? LowBits.UNKNOWN : ask(largest.getKey());
    }

    private LowBits ask(int db) {
        // Another than 0 holds keys only where a cluster has several; it was selected before.
        if (db != 0) {
            link.call("SELECT", Integer.toString(db));
        }
        List<Reply> replies = link.call(IntStream.range(0, QUESTIONS)
                        .mapToObj(CursorProbe::question)
                        .toList())
                .replies();
        if (db != 0) {
            link.call("SELECT", "0");
        }
        int ahead = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            if (!(replies.get(i) instanceof Reply.Items page)) {
                return LowBits.UNKNOWN;
            }
            long next = Long.parseUnsignedLong(page.items(2).getFirst().text());
            if (next == 0 || ScanCursor.slot(next) > slot(i)) {
                ahead++;
            }
        }
        if (ahead == QUESTIONS) {
            return LowBits.SLOT;
        }
        return ahead <= QUESTIONS / 2 ? LowBits.HASH : LowBits.UNKNOWN;
    }

    private static Command question(int number) {
        String cursor = Long.toUnsignedString(ScanCursor.endOfSlot(slot(number)));
        return Command.of("SCAN", cursor, "MATCH", NO_KEY, "COUNT", "1");
    }

    /** Slots of the upper half, whose highest bit is set. */
    private static long slot(int question) {
        return SLOTS / 2 + question * (SLOTS / 2 / QUESTIONS);
    }
}
