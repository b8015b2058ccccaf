package io.keysweep.engine.estimate;

import io.keysweep.engine.plan.ScanCursor;
import io.keysweep.engine.plan.SimulatedSlots;
import io.keysweep.engine.plan.SimulatedTable;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A node of a cluster that keeps a table for each slot, some of its keys dead; a replica, or the primary. */
final class SimulatedNode implements SampledDatabase {

    private final SimulatedSlots slots = new SimulatedSlots(0, 1 << ScanCursor.SLOT_BITS);

    private record Order(long cursor, int count) {}

    /** @param dead those that were planted as such */
    private record Page(long next, int met, List<Long> dead) {}

    /** The tables stand still, so that a call is simulated once. */
    private final Map<Order, Page> pages = new HashMap<>();

    private final Set<Long> planted = new HashSet<>();
    private final Set<Long> dead = new HashSet<>();
    private final long[] keysBySlot = new long[1 << ScanCursor.SLOT_BITS];
    private final Random hashes = new Random(11);
    private final boolean replica;
    long calls;

    SimulatedNode(boolean replica) {
        this.replica = replica;
    }

    /** Gives a slot so many keys, of which about a share is dead. */
    void plant(int slot, int keys, double deadShare) {
        // Between one and two keys a bucket, as servers have them before they resize.
        SimulatedTable table = new SimulatedTable(Math.max(0, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(keys)));
        for (int i = 0; i < keys; i++) {
            long hash = hashes.nextLong();
            table.add(hash);
            if (hashes.nextDouble() < deadShare) {
                planted.add(hash);
                dead.add(hash);
            }
        }
        slots.put(slot, table);
        keysBySlot[slot] = keys;
    }

    long dead() {
        return dead.size();
    }

    long[] keysBySlot() {
        return keysBySlot;
    }

    @Override
    public boolean replica() {
        return replica;
    }

    @Override
    public boolean freesOnMainThread() {
        return false;
    }

    @Override
    public StepOutcome pass(long cursor, int count) {
        calls++;
        Order order = new Order(cursor, count);
        Page page = pages.computeIfAbsent(order, this::scan);
        long deadOnes = page.dead.stream().filter(dead::contains).count();
        if (replica) {
            return new StepOutcome(page.next, page.met - deadOnes, 0, null);
        }
        dead.removeAll(page.dead);
        // Those that an earlier call has reclaimed are not met again.
        return new StepOutcome(page.next, page.met - (page.dead.size() - deadOnes), deadOnes, null);
    }

    private Page scan(Order order) {
        List<Long> met = new ArrayList<>();
        long next = slots.scan(order.cursor, order.count, met::add);
        return new Page(next, met.size(), met.stream().filter(planted::contains).toList());
    }
}
