package io.keysweep.engine.plan;

import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Simulates a node that keeps a table for each slot.
 *
 * <p>A cursor has the slot in its low bits, and slots are scanned in ascending order, as in Redis 8 and Valkey 8 in
 * cluster mode. The slot of a hash follows from its bits 40 and above.
 */
public final class SimulatedSlots implements Scanned {

    private final NavigableMap<Long, SimulatedTable> tables = new TreeMap<>();
    private final long firstSlot;
    private final int slots;

    /** Creates a node that serves a number of consecutive slots. */
    public SimulatedSlots(long firstSlot, int slots) {
        this.firstSlot = firstSlot;
        this.slots = slots;
    }

    /** Sets the table of a slot. */
    public void put(long slot, SimulatedTable table) {
        tables.put(slot, table);
    }

    @Override
    public void add(long hash) {
        // The table of the slot uses the low bits.
        long slot = firstSlot + Math.floorMod(hash >> 40, slots);
        tables.computeIfAbsent(slot, unused -> new SimulatedTable(/* bits= */ 0))
                .add(hash);
    }

    @Override
    public void change(Random random) {
        Long slot = tables.ceilingKey(firstSlot + random.nextInt(slots));
        if (slot != null) {
            SimulatedTable table = Objects.requireNonNull(tables.get(slot));
            table.resize(/* bits= */ random.nextInt(6));
            table.move(/* buckets= */ random.nextInt(20));
        }
    }

    @Override
    public long scan(long cursor, int count, LongConsumer visitor) {
        int[] visitedKeys = {0};
        LongConsumer counting = hash -> {
            visitedKeys[0]++;
            visitor.accept(hash);
        };
        long position = cursor;
        do {
            position = scanOnce(ScanCursor.slot(position), position >>> ScanCursor.SLOT_BITS, counting);
        } while (position != 0 && visitedKeys[0] < count);
        return position;
    }

    /**
     * Visits a bucket of a slot, and returns the next cursor: in the same slot, or in the next slot that has a table.
     */
    private long scanOnce(long slot, long position, LongConsumer visitor) {
        SimulatedTable table = tables.get(slot);
        long nextPosition = table == null ? 0 : table.scan(position, 1, visitor);
        if (nextPosition != 0) {
            return nextPosition << ScanCursor.SLOT_BITS | slot;
        }
        Long nextSlot = tables.higherKey(slot);
        return nextSlot == null ? 0 : nextSlot;
    }
}
