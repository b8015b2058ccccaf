package io.keysweep.engine.estimate;

import io.keysweep.engine.plan.ScanCursor;
import java.util.Arrays;

/**
 * The keys of a node that keeps a table for each slot, in the order in which a scan passes them, cut into units of some
 * hundred: runs of small slots, and parts of the table of a large one. A place is the number of keys that lie before it,
 * which is sure where a slot begins, and within one follows from the cursor. Immutable.
 */
final class SlotUnits {

    /** A unit holds about as many keys, or up to twice as many. */
    static final int UNIT_KEYS = 256;

    /**
     * What is measured as a whole.
     *
     * @param cursor where it begins
     * @param end the place where the next one begins
     */
    record Unit(long cursor, double end) {}

    private final long[] keys;
    /** By slot, keys of all lower ones. */
    private final long[] before;
    /** By slot, the first slot of its run, and the first behind it. */
    private final int[] runBegin;

    private final int[] runEnd;

    /** Where so many keys are held of each slot. */
    SlotUnits(long[] keysBySlot) {
        keys = keysBySlot.clone();
        before = new long[keys.length + 1];
        for (int slot = 0; slot < keys.length; slot++) {
            before[slot + 1] = before[slot] + keys[slot];
        }
        runBegin = new int[keys.length];
        runEnd = new int[keys.length];
        int begin = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            int next = slot + 1;
            boolean full = before[next] - before[begin] >= UNIT_KEYS;
            if (full || next == keys.length || large(slot) || large(next)) {
                Arrays.fill(runBegin, begin, next, begin);
                Arrays.fill(runEnd, begin, next, next);
                begin = next;
            }
        }
    }

    /** Keys of all slots. */
    long keys() {
        return before[keys.length];
    }

    /** The unit that holds the key with this number, from 0 on. */
    Unit at(long number) {
        int slot = slotOf(number);
        return large(slot) ? partOf(slot, number - before[slot]) : new Unit(runBegin[slot], before[runEnd[slot]]);
    }

    /** The place of a cursor; of 0 as a reply, which is the end, {@link #keys()}. */
    double place(long cursor) {
        int slot = (int) ScanCursor.slot(cursor);
        return before[slot] + keys[slot] * ScanCursor.position(cursor >>> ScanCursor.SLOT_BITS);
    }

    private int slotOf(long number) {
        int found = Arrays.binarySearch(before, number);
        if (found < 0) {
            return -found - 2;
        }
        // Empty slots begin at the same number as the one behind them.
        int slot = found;
        while (keys[slot] == 0) {
            slot++;
        }
        return slot;
    }

    private boolean large(int slot) {
        return keys[slot] >= 2 * UNIT_KEYS;
    }

    private Unit partOf(int slot, long number) {
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(keys[slot] / UNIT_KEYS);
        long parts = 1L << bits;
        // Parts follow each other as their numbers do with the bits reversed.
        long part = number * parts / keys[slot];
        long prefix = Long.reverse(part) >>> (Long.SIZE - bits);
        return new Unit(
                prefix << ScanCursor.SLOT_BITS | slot, before[slot] + keys[slot] * ((part + 1) / (double) parts));
    }
}
