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

/** Simulates a cluster node that keeps a table for each slot and has dead keys; either a replica or a primary. */
final class SimulatedNode implements SampledDatabase {

    /** The number of slots of a cluster. */
    private static final int SLOTS = 1 << ScanCursor.SLOT_BITS;

    private final SimulatedSlots slots = new SimulatedSlots(/* firstSlot= */ 0, SLOTS);

    /** Describes a call of SCAN. */
    private record Call(long cursor, int count) {}

    /**
     * Contains the result of one call.
     *
     * @param next the cursor of the next call
     * @param visited the number of visited keys
     * @param dead the keys among them that were planted as dead
     */
    private record Page(long next, int visited, List<Long> dead) {}

    /** Results by call; the tables do not change, so each call is simulated only once. */
    private final Map<Call, Page> pages = new HashMap<>();

    /** All keys that were planted as dead, including keys that were reclaimed since. */
    private final Set<Long> plantedDead = new HashSet<>();

    /** The dead keys that were not reclaimed yet. */
    private final Set<Long> dead = new HashSet<>();

    private final long[] keysBySlot = new long[SLOTS];
    private final Random hashes = new Random(11);
    private final boolean replica;

    /** The number of calls so far. */
    long calls;

    SimulatedNode(boolean replica) {
        this.replica = replica;
    }

    /** Adds keys to a slot; about the given share of them is dead. */
    void plant(int slot, int keys, double deadShare) {
        // A bucket contains one to two keys, as in a table just before the server doubles it.
        SimulatedTable table = new SimulatedTable(Math.max(0, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(keys)));
        for (int i = 0; i < keys; i++) {
            long hash = hashes.nextLong();
            table.add(hash);
            if (hashes.nextDouble() < deadShare) {
                plantedDead.add(hash);
                dead.add(hash);
            }
        }
        slots.put(slot, table);
        keysBySlot[slot] = keys;
    }

    /** Returns the number of dead keys that are left. */
    long dead() {
        return dead.size();
    }

    /** Returns the number of planted keys of each slot. */
    long[] keysBySlot() {
        return keysBySlot;
    }

    @Override
    public boolean isReplica() {
        return replica;
    }

    @Override
    public boolean freesOnMainThread() {
        return false;
    }

    @Override
    public StepOutcome scan(long cursor, int count) {
        calls++;
        Call call = new Call(cursor, count);
        Page page = pages.computeIfAbsent(call, this::scanOnce);
        long remainingDead = page.dead.stream().filter(dead::contains).count();
        if (replica) {
            // A replica hides dead keys and reclaims none.
            return new StepOutcome(
                    page.next, /* visited= */ page.visited - remainingDead, /* reclaimed= */ 0, /* busy= */ null);
        }
        dead.removeAll(page.dead);
        // Keys that an earlier call has reclaimed are not visited again.
        long reclaimedEarlier = page.dead.size() - remainingDead;
        return new StepOutcome(page.next, page.visited - reclaimedEarlier, remainingDead, /* busy= */ null);
    }

    /** Scans the tables for a call that was not made before. */
    private Page scanOnce(Call call) {
        List<Long> visitedKeys = new ArrayList<>();
        long nextCursor = slots.scan(call.cursor, call.count, visitedKeys::add);
        return new Page(
                nextCursor,
                visitedKeys.size(),
                visitedKeys.stream().filter(plantedDead::contains).toList());
    }
}
