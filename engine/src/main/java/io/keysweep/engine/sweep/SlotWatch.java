package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the slots of its shard that a cluster's primary has served without a break since the pass began.
 *
 * <p>A slot is one of the 16384 parts of a cluster's keys, and may move between primaries at any time. A shard is the
 * slots that one primary serves. A pass goes over all databases of the primary once.
 *
 * <p>Slots served without a break are <i>held</i>, and only held slots are treated as covered at the end. A slot that
 * arrived during the pass may have keys in segments that the pass has already visited. A slot that left is served by
 * another primary. Both are swept in the next round, after all current sweeps, on the primaries that serve them then.
 *
 * <p>The watch reads the primary's slots once per second and at the end. Outside a cluster all slots are held.
 *
 * <p>A slot may leave and come back between two readings, for example during a long hold or between two runs. The
 * primary's configuration epoch shows this, since it changes whenever the primary takes slots. Used by the sweep's
 * thread only.
 */
final class SlotWatch {

    private static final Duration REFRESH_EVERY = Duration.ofSeconds(1);

    /**
     * The time between two readings above which a slot may have left and come back, even if other slots have also
     * arrived. Moving a slot away and back needs several commands on several nodes, so it does not happen in a shorter
     * time.
     */
    private static final Duration LONGEST_UNWATCHED = Duration.ofSeconds(3);

    /**
     * The number of slots whose keys are counted in one write. The server needs less time for this write than for a
     * step.
     */
    private static final int SLOTS_COUNTED_PER_CALL = 256;

    /**
     * The largest share of the server's time for the count at the end. The count is not urgent, so even a sweep at full
     * share leaves others half of the time.
     */
    private static final double MAX_COUNTING_SHARE = 0.5;

    private final Timing timing;
    private final RunLimits limits;
    private final HoldStarter holdStarter;
    private final PrimaryLocator locator;

    /** Whether the primary is part of a cluster. */
    private final boolean isCluster;

    /** The slots of the shard to sweep. */
    private final SlotSet shardSlots;

    /** The slots of the shard that the primary has served without a break since the pass began. */
    private SlotSet heldSlots;

    /** The last reading of the primary's slots in this pass; null before the first. */
    private @Nullable ServedSlots lastReading;

    /** The primary's configuration epoch at the last reading; null before the first, and outside a cluster. */
    private @Nullable Long epoch;

    /** Whether the next {@link #refreshIfDue} must read the slots, even if the last reading is recent. */
    private boolean refreshDue = true;

    /** When the slots were last read, ns by {@link Timing#nanoTime}. */
    private long refreshedAt;

    /**
     * Creates a watch; at first, all slots of the shard are treated as held.
     *
     * @param isCluster whether the primary is part of a cluster and must be asked for its slots
     * @param shardSlots the slots of the shard to sweep
     */
    SlotWatch(
            Timing timing,
            RunLimits limits,
            HoldStarter holdStarter,
            PrimaryLocator locator,
            boolean isCluster,
            SlotSet shardSlots) {
        this.timing = timing;
        this.limits = limits;
        this.holdStarter = holdStarter;
        this.locator = locator;
        this.isCluster = isCluster;
        this.shardSlots = shardSlots;
        heldSlots = shardSlots;
    }

    /**
     * Starts watching a pass from its beginning, or from the last checkpoint of an earlier run. The next refresh is due
     * immediately.
     *
     * @param resumeFrom the last checkpoint of the earlier run of this pass, or null at the start of a pass
     */
    void startPass(@Nullable Checkpoint resumeFrom) {
        heldSlots = resumeFrom == null ? shardSlots : shardSlots.intersect(resumeFrom.slots());
        epoch = resumeFrom == null ? null : resumeFrom.epoch();
        lastReading = null;
        refreshDue = true;
    }

    /**
     * Reads the primary's slots if the last reading is at least a second old or the pass has just begun. Does nothing
     * outside a cluster. No step may be in flight.
     *
     * @throws NodeRefusedException if the node refuses CLUSTER NODES
     * @throws LinkBrokenException if the connection breaks
     */
    void refreshIfDue(Session session) {
        if (isRefreshDue()) {
            refresh(session);
        }
    }

    /** Returns whether {@link #refreshIfDue} would read the slots now; always false outside a cluster. */
    boolean isRefreshDue() {
        return isCluster && (refreshDue || timing.since(refreshedAt).compareTo(REFRESH_EVERY) >= 0);
    }

    private void refresh(Session session) {
        refreshDue = false;
        Duration unwatchedTime = timing.since(refreshedAt);
        refreshedAt = timing.nanoTime().getAsLong();
        if (isCluster) {
            ServedSlots reading = session.clusterNode().readServedSlots();
            heldSlots = mayHaveComeBack(reading, unwatchedTime) ? SlotSet.NONE : heldSlots.intersect(reading.served());
            lastReading = reading;
            epoch = reading.epoch();
        }
    }

    /**
     * Returns whether slots may have left and come back since the last reading. A changed epoch means that the primary
     * took slots. If it now serves no slot that it did not serve before, the slots that it took must have left it
     * first.
     *
     * <p>After a long time without a reading, for example after a hold, it may have taken new slots and also taken
     * slots back. The reading does not show which slots came back, so no slot is treated as held any longer.
     *
     * @param unwatched the time since the last reading
     */
    private boolean mayHaveComeBack(ServedSlots reading, Duration unwatched) {
        return epoch != null
                && epoch != reading.epoch()
                && (lastReading == null
                        || unwatched.compareTo(LONGEST_UNWATCHED) > 0
                        || reading.served().minus(lastReading.served()).isEmpty());
    }

    /**
     * Reads the slots a last time, and asks another node or a sentinel to confirm them. A primary that was cut off from
     * the cluster might not know yet that another node has taken over. Holds (sends no steps, and shows the user why)
     * until another node answers. For a single server there is nothing to confirm.
     *
     * @param primary the address of the session's primary
     * @throws LinkBrokenException if the other node reports that the primary serves none of the shard's slots, or if
     *     the run is cancelled or times out during the hold
     * @throws NodeRefusedException if no other node answers within the patience, the longest time for which a sweep
     *     waits for its server
     */
    void confirmWithOthers(Session session, NodeAddress primary) throws InterruptedException {
        refresh(session);
        if (!locator.primaryCanMove()) {
            return;
        }
        SlotSet confirmedSlots;
        try {
            confirmedSlots = locator.confirmedSlots(primary);
        } catch (NodeRefusedException e) {
            confirmedSlots = holdUntilConfirmed(primary, e);
        }
        if (confirmedSlots.isEmpty()) {
            throw new LinkBrokenException("another node has taken over");
        }
        heldSlots = heldSlots.intersect(confirmedSlots);
    }

    /** Holds until another node confirms slots, and returns the confirmed slots. */
    private SlotSet holdUntilConfirmed(NodeAddress primary, NodeRefusedException firstRefusal)
            throws InterruptedException {
        NodeRefusedException refusal = firstRefusal;
        try (Hold hold = holdStarter.start(unconfirmedReason(refusal))) {
            while (limits.ending() == null) {
                limits.waitFor(hold.nextPollDelay());
                try {
                    return locator.confirmedSlots(primary);
                } catch (NodeRefusedException e) {
                    refusal = e;
                    if (hold.patienceExhausted()) {
                        throw new NodeRefusedException(
                                primary.toString(), Reason.UNREACHABLE, unconfirmedReason(refusal));
                    }
                    hold.changeReason(unconfirmedReason(refusal));
                }
            }
        }
        throw new LinkBrokenException(unconfirmedReason(refusal), refusal);
    }

    private static String unconfirmedReason(NodeRefusedException refusal) {
        return "no other node confirms that it is still the primary: " + refusal.getMessage();
    }

    /**
     * Counts orphans: keys that the node holds of slots that it neither serves nor imports, in all databases that the
     * user may select. Waits after each write, so that the count takes at most half of the node's time; after a cancel
     * or the deadline it does not wait. No step may be in flight.
     *
     * @param share the part of the node's main-thread time that the sweep may take, above 0 up to 1
     * @return the number of orphans by slot, only of slots with orphans; empty outside a cluster, and if the user is
     *     not allowed to count keys
     * @throws NodeRefusedException if the node refuses CLUSTER NODES
     * @throws LinkBrokenException if the connection breaks
     */
    SortedMap<Integer, Long> countOrphans(Session session, double share) throws InterruptedException {
        SortedMap<Integer, Long> orphans = new TreeMap<>();
        if (isCluster) {
            ServedSlots ownSlots = session.clusterNode().readServedSlots();
            List<Integer> foreignSlots = SlotSet.ALL
                    .minus(ownSlots.served())
                    .minus(ownSlots.importing())
                    .slots()
                    .boxed()
                    .toList();
            // COUNTKEYSINSLOT counts in the selected database only, and a cluster of Valkey 9 can have several.
            for (int db : Keyspace.of(session.info().readAll()).keys().keySet()) {
                if (trySelect(session, db)) {
                    countOrphansOfDatabase(session, foreignSlots, share)
                            .forEach((slot, keys) -> orphans.merge(slot, keys, Long::sum));
                }
            }
        }
        return orphans;
    }

    /** Selects a database, and returns whether the server allows it. */
    private static boolean trySelect(Session session, int db) {
        try {
            session.database().select(db);
            return true;
        } catch (NodeRefusedException e) {
            // The sweep also skips this database, and reports it.
            return false;
        }
    }

    private SortedMap<Integer, Long> countOrphansOfDatabase(Session session, List<Integer> foreignSlots, double share)
            throws InterruptedException {
        SortedMap<Integer, Long> orphans = new TreeMap<>();
        double delayPerBusy = 1 / Math.min(share, MAX_COUNTING_SHARE) - 1;
        for (int from = 0; from < foreignSlots.size(); from += SLOTS_COUNTED_PER_CALL) {
            int to = Math.min(foreignSlots.size(), from + SLOTS_COUNTED_PER_CALL);
            long startNanos = timing.nanoTime().getAsLong();
            orphans.putAll(session.clusterNode().countKeysBySlot(foreignSlots.subList(from, to)));
            long busyNanos = timing.nanoTime().getAsLong() - startNanos;
            limits.waitFor(Duration.ofNanos((long) (busyNanos * delayPerBusy)));
        }
        return orphans;
    }

    /** Returns the slots held so far. */
    SlotSet heldSlots() {
        return heldSlots;
    }

    /** Returns the primary's configuration epoch at the last reading; null before the first, and outside a cluster. */
    @Nullable Long epoch() {
        return epoch;
    }
}
