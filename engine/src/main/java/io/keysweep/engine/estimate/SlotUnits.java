package io.keysweep.engine.estimate;

import io.keysweep.engine.plan.ScanCursor;
import java.util.Arrays;

/**
 * Divides the keys of a node that keeps a table for each slot into units of a few hundred keys, for {@link SlotSample}.
 *
 * <p>A slot is one of the 16384 parts of a cluster's keys. A unit is a range of small slots, or a part of a large
 * slot's table.
 *
 * <p>Units follow the order of a scan. The <i>place</i> of a cursor is the number of keys that a scan meets before the
 * cursor. The place is exact where a slot begins; within a slot it is interpolated from the cursor. Example: slot 0 has
 * 100 keys and slot 1 has 1,000. Then the beginning of slot 1 has the place 100, and the middle of its table has the
 * place 600. Immutable.
 */
final class SlotUnits {

    /**
     * The number of keys that makes a unit complete. A unit may hold nearly three times as many keys. It may hold fewer
     * before a large slot and at the end.
     */
    static final int UNIT_KEYS = 256;

    /**
     * Describes a unit, a group of keys that a sample visits completely.
     *
     * @param cursor the cursor at which the unit begins
     * @param end the place (number of keys before) at which the next unit begins
     */
    record Unit(long cursor, double end) {}

    /** The number of keys in each slot, including dead keys. */
    private final long[] keys;

    /** For each slot, the number of keys in all lower slots; the last element is the number of all keys. */
    private final long[] keysBefore;

    /** For each slot, the first slot of the range of slots that contains it. */
    private final int[] rangeBegin;

    /** For each slot, the slot after the range of slots that contains it. */
    private final int[] rangeEnd;

    /** Creates the units, given the number of keys in each slot; the index is the slot. */
    SlotUnits(long[] keysBySlot) {
        keys = keysBySlot.clone();
        keysBefore = new long[keys.length + 1];
        for (int slot = 0; slot < keys.length; slot++) {
            keysBefore[slot + 1] = keysBefore[slot] + keys[slot];
        }

        // A range ends when it has enough keys, and before and after a large slot, which forms units of its own.
        rangeBegin = new int[keys.length];
        rangeEnd = new int[keys.length];
        int begin = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            int nextSlot = slot + 1;
            boolean isFull = keysBefore[nextSlot] - keysBefore[begin] >= UNIT_KEYS;
            if (isFull || nextSlot == keys.length || isLarge(slot) || isLarge(nextSlot)) {
                Arrays.fill(rangeBegin, begin, nextSlot, begin);
                Arrays.fill(rangeEnd, begin, nextSlot, nextSlot);
                begin = nextSlot;
            }
        }
    }

    /** Returns the number of keys of all slots. */
    long keys() {
        return keysBefore[keys.length];
    }

    /**
     * Returns the unit that contains a key.
     *
     * @param keyNumber the number of keys that a scan meets before this key, from 0, less than {@link #keys()}
     */
    Unit unitAt(long keyNumber) {
        int slot = slotOf(keyNumber);
        return isLarge(slot)
                ? partOf(slot, keyNumber - keysBefore[slot])
                : new Unit(rangeBegin[slot], keysBefore[rangeEnd[slot]]);
    }

    /**
     * Returns the place of a cursor: the number of keys before it. This method takes cursor 0 as the beginning. In a
     * reply to SCAN, cursor 0 means the end, whose place is {@link #keys()}; the caller must handle that.
     */
    double place(long cursor) {
        int slot = (int) ScanCursor.slot(cursor);
        return keysBefore[slot] + keys[slot] * ScanCursor.partBefore(cursor >>> ScanCursor.SLOT_BITS);
    }

    /** Returns the slot that contains a key, by the number of keys before it. */
    private int slotOf(long keyNumber) {
        int foundIndex = Arrays.binarySearch(keysBefore, keyNumber);
        // If the number is not in the array, the result is -(index of the next larger number) - 1.
        if (foundIndex < 0) {
            return -foundIndex - 2;
        }
        // An empty slot begins at the same number as the slot after it.
        int slot = foundIndex;
        while (keys[slot] == 0) {
            slot++;
        }
        return slot;
    }

    /** Returns whether a slot is divided into several units. */
    private boolean isLarge(int slot) {
        return keys[slot] >= 2 * UNIT_KEYS;
    }

    /**
     * Returns the unit of a large slot that contains a key.
     *
     * @param keyNumber the number of keys in the slot that a scan meets before this key
     */
    private Unit partOf(int slot, long keyNumber) {
        // The number of parts is a power of 2, since the parts of a table differ in bits of the cursor.
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(keys[slot] / UNIT_KEYS);
        long parts = 1L << bits;
        // A scan visits the parts of a table in the order of their bit-reversed numbers.
        long part = keyNumber * parts / keys[slot];
        long prefix = Long.reverse(part) >>> (Long.SIZE - bits);
        return new Unit(
                prefix << ScanCursor.SLOT_BITS | slot, keysBefore[slot] + keys[slot] * ((part + 1) / (double) parts));
    }
}
