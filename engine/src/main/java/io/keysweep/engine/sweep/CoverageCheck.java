package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Compares the number of keys that a sweep has visited with DBSIZE, and refuses servers where the two numbers differ.
 *
 * <p>SCAN visits every key that a database holds all the time, and some keys twice while the hash table changes its
 * size. So a pass (one visit of all databases) visits about as many keys of a database as the database holds, even if
 * others write and delete keys during the pass.
 *
 * <p>Far more visits show a scan that never ends. Fewer visits show one of two faults: SCAN skips keys, for example
 * through a proxy that asks only one of its servers, or SCAN hides expired keys instead of removing them. Used by the
 * sweep's thread only.
 *
 * @param state the plan, the session and the counts of the run
 */
record CoverageCheck(SweepState state) {

    /**
     * The smallest part of the expected keys that a pass must visit. It is below 1, since others may delete keys during
     * the pass.
     */
    private static final double MIN_VISITED_PART = 0.9;

    /**
     * Refuses the server if the scan of the current database does not end, as {@link EndlessScan} decides. Sends
     * nothing to the server. Does nothing once all databases are covered.
     *
     * @throws NodeRefusedException if the scan does not end
     */
    void refuseEndless() {
        DatabaseWalk walk = state.plan().current();
        if (walk == null) {
            return;
        }
        // A walk is sequential if the meaning of cursors is unknown, for example behind a proxy.
        boolean areCursorsKnown = !(walk.segmentation() instanceof Segmentation.Sequential);
        String endlessReason = new EndlessScan(
                        walk.cursorRepeated(), walk.sumOfCounts(), walk.visited(), walk.mostKeys(), areCursorsKnown)
                .reason(state.session().inspection().method().countsLiveKeys());
        if (endlessReason != null) {
            throw notCoverable("never ends the SCAN of database " + walk.db() + ": " + endlessReason);
        }
    }

    /**
     * Returns the evidence, for users, that a complete pass has skipped keys. Selects each database and counts its keys
     * (DBSIZE). No step may be in flight.
     *
     * @return the evidence; null if there is no evidence, or if the check is not possible, because the reclaim method
     *     does not count live keys. Databases that were covered without a visit of all keys are not checked. The
     *     databases of a cluster node are checked only if the node may hide expired keys
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks or the server refuses DBSIZE
     * @throws NodeRefusedException if the server refuses a database
     */
    @Nullable String shortfall() {
        ServerInspection inspection = state.session().inspection();
        // In a cluster, the slots show whether all is covered, and a node may hold keys of slots that SCAN does not
        // return. But slots do not show hidden keys, so the keys are compared if nothing was reclaimed.
        boolean isClusterNode = inspection.summary().profile().clusterEnabled() && inspection.proxyEvidence() == null;
        if (!inspection.method().countsLiveKeys()) {
            return null;
        }
        for (DatabaseWalk walk : state.plan().walks()) {
            boolean mayHideKeys = state.session().mayHideKeys() && walk.reclaimed() == 0;
            // With 0 expected visits there is nothing to compare with: the number is unknown, or the walk ended early
            // without visiting all keys.
            if (walk.expectedVisits() == 0 || (isClusterNode && !mayHideKeys)) {
                continue;
            }
            walk.observeKeys(state.session().database().countKeysIn(walk.db()));
            double expectedVisits = walk.expectedVisits();
            // Reclaimed keys are no longer part of DBSIZE.
            long liveVisited = walk.visited() - walk.reclaimed();
            // If the settings are unreadable and nothing was reclaimed, missing keys may be hidden expired ones.
            double minPart = mayHideKeys ? 1 : MIN_VISITED_PART;
            // The number of keys that a part of a hash table holds is random. This tolerates about two standard
            // deviations, and 10 keys more for small databases.
            double slack = 2 * Math.sqrt(expectedVisits) + 10;
            if (liveVisited < minPart * expectedVisits - slack) {
                return String.format(
                        Locale.ROOT,
                        "SCAN has returned only %,d keys of database %d, but DBSIZE counts at least %,.0f",
                        liveVisited,
                        walk.db(),
                        expectedVisits);
            }
        }
        return null;
    }

    /**
     * Returns the exception for a repeated pass that has skipped keys again, for the caller to throw.
     *
     * @param shortfall the text that {@link #shortfall} has returned
     */
    NodeRefusedException skippedKeysRefusal(String shortfall) {
        if (state.session().mayHideKeys() && state.counts().reclaimedInThisRun() == 0) {
            String nodeId = state.nodeId();
            return new NodeRefusedException(
                    nodeId,
                    Reason.NOT_RECLAIMING,
                    nodeId + " seems to hide expired keys instead of removing them: " + shortfall
                            + ", and no key was reclaimed. It refuses CONFIG GET, so check its settings: import-mode"
                            + " must not be yes, and lazyexpire-nested-arbitrary-keys not no");
        }
        return notCoverable("does not let a sweep visit every key: " + shortfall
                + "; if a proxy answers at this address, sweep each server by its own address");
    }

    /**
     * Returns the exception for a server whose keys a sweep cannot visit completely.
     *
     * @param predicate the message without its subject, which is the server
     */
    private NodeRefusedException notCoverable(String predicate) {
        return new NodeRefusedException(state.nodeId(), Reason.NOT_COVERABLE, state.nodeId() + " " + predicate);
    }
}
