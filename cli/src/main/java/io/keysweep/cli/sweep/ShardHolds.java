package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.engine.topology.Shard;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows which shards of a cluster are on hold, and why.
 *
 * <p>A shard is the part of the cluster that one primary serves. On hold, no work on the primary takes place, for
 * example because the primary suffers. If every shard at work is on hold, the whole command is shown as on hold. Safe
 * to share between threads.
 */
final class ShardHolds {

    private final ProgressDisplay display;

    /** Why shards are on hold, in the order in which the holds began; each text names the primary first. */
    private final Map<Shard, String> reasons = new LinkedHashMap<>();

    /** Shards on which work has begun and not ended. */
    private final Set<Shard> shardsAtWork = new HashSet<>();

    /** Number of shards that the command works on. */
    private int shards;

    ShardHolds(ProgressDisplay display) {
        this.display = display;
    }

    /** Forgets all shards; work on this many shards begins. */
    synchronized void reset(int shards) {
        reasons.clear();
        shardsAtWork.clear();
        this.shards = shards;
    }

    /** Notes that work on a shard begins. */
    synchronized void begin(Shard shard) {
        shardsAtWork.add(shard);
        // One more shard is at work while others may be on hold.
        if (!reasons.isEmpty()) {
            show();
        }
    }

    /** Shows that a shard is on hold; work on it must have begun. */
    synchronized void hold(Shard shard, String reason) {
        reasons.put(shard, shard.primary() + ": " + reason);
        show();
    }

    /** Shows that a shard is no longer on hold. */
    synchronized void endHold(Shard shard) {
        if (reasons.remove(shard) != null) {
            show();
        }
    }

    /** Notes that the work on a shard has ended, even if the shard was on hold. */
    synchronized void end(Shard shard) {
        boolean wasHeld = reasons.remove(shard) != null;
        shardsAtWork.remove(shard);
        // The last shards at work may all be on hold now.
        if (wasHeld || !reasons.isEmpty()) {
            show();
        }
    }

    /** Returns whether no shard is at work at present. Shards that have not begun wait for one at work. */
    synchronized boolean areAllHeld() {
        return !reasons.isEmpty() && reasons.size() == shardsAtWork.size();
    }

    /** Returns how many shards are on hold, and why the first of them is; null if none is. */
    synchronized @Nullable String text() {
        if (reasons.isEmpty()) {
            return null;
        }
        String first = reasons.values().iterator().next();
        int heldShards = reasons.size();
        if (areAllHeld()) {
            return heldShards == 1 ? first : first + " (and " + (heldShards - 1) + " more)";
        }
        return heldShards + " of " + Amounts.count(shards, "primary") + " held: " + first;
    }

    /** Shows the holds of all shards, or that there are none. */
    private void show() {
        if (areAllHeld()) {
            display.hold(text());
        } else {
            display.holdPart(text());
        }
    }
}
