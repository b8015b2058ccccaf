package io.keysweep.engine.topology;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Holds an immutable set of hash slots, the 16384 parts by which a cluster divides its keys among primaries.
 *
 * <p>The slots are 0 to 16383. The text form is the same as in redis-cli: ascending ranges and single slots, for
 * example {@code 0-5460,10923}. The text of the empty set is empty.
 */
public final class SlotSet {

    /** The number of slots in a cluster. */
    public static final int COUNT = 16_384;

    /** The empty set. */
    public static final SlotSet NONE = new SlotSet(new BitSet());

    /** The set of all slots. */
    public static final SlotSet ALL = range(0, COUNT - 1);

    /** Matches a slot or a range of slots, for example {@code 0-5460}. */
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    private final BitSet slots;

    /**
     * Creates a set.
     *
     * @param slots the slots; the caller must not change them afterwards, as they are not copied
     */
    private SlotSet(BitSet slots) {
        this.slots = slots;
    }

    /**
     * Returns all slots from {@code first} to {@code last}.
     *
     * @throws IllegalArgumentException if {@code first} or {@code last} is not a slot, or {@code last} is the lower one
     */
    public static SlotSet range(int first, int last) {
        if (first < 0 || last < first || last >= COUNT) {
            throw new IllegalArgumentException("slots are '" + first + "-" + last
                    + "', must be from 0 to 16383, the lower one first, for example 0-5460");
        }
        BitSet slots = new BitSet(COUNT);
        slots.set(first, last + 1);
        return new SlotSet(slots);
    }

    /**
     * Parses the text form. Ranges may come in any order and overlap. An empty text is the empty set.
     *
     * @throws IllegalArgumentException if the text has another form; the message names the wrong part and the rule
     */
    public static SlotSet parse(String text) {
        SlotSet parsedSlots = NONE;
        if (text.isEmpty()) {
            return parsedSlots;
        }
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException(
                        "slots are '" + part + "', must be a slot or a range, for example 0-5460,10923");
            }
            int firstSlot = Integer.parseInt(range.group(1));
            String lastSlot = range.group(2);
            parsedSlots =
                    parsedSlots.union(range(firstSlot, lastSlot == null ? firstSlot : Integer.parseInt(lastSlot)));
        }
        return parsedSlots;
    }

    /** Returns the number of slots in the set. */
    public int size() {
        return slots.cardinality();
    }

    /** Returns whether the set has no slot. */
    public boolean isEmpty() {
        return slots.isEmpty();
    }

    /** Returns the slots in ascending order. */
    public IntStream slots() {
        return slots.stream();
    }

    /** Returns whether a slot, 0 to 16383, is in the set. */
    public boolean contains(int slot) {
        return slots.get(slot);
    }

    /** Returns the slots that are in this set, in the other one, or in both. */
    public SlotSet union(SlotSet other) {
        BitSet result = copy();
        result.or(other.slots);
        return new SlotSet(result);
    }

    /** Returns the slots that are in this set and not in the other. */
    public SlotSet minus(SlotSet other) {
        BitSet result = copy();
        result.andNot(other.slots);
        return new SlotSet(result);
    }

    /** Returns the slots that are in both sets. */
    public SlotSet intersect(SlotSet other) {
        BitSet result = copy();
        result.and(other.slots);
        return new SlotSet(result);
    }

    private BitSet copy() {
        return (BitSet) slots.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SlotSet set && slots.equals(set.slots);
    }

    @Override
    public int hashCode() {
        return slots.hashCode();
    }

    /** Returns the text form, for example {@code 0-5460,10923}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int first = slots.nextSetBit(0); first >= 0; ) {
            int end = slots.nextClearBit(first);
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (end > first + 1) {
                text.append('-').append(end - 1);
            }
            first = slots.nextSetBit(end);
        }
        return text.toString();
    }
}
