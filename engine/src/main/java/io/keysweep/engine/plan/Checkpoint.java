package io.keysweep.engine.plan;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint stores the progress of the sweep of one primary, so that a later run can resume it after a crash.
 *
 * <p>A sweep reports one about every 250 ms. The positions are valid only while the server has the same replication
 * identity. The counts are always valid.
 *
 * @param nodeId the address of the primary, such as {@code 10.0.0.5:6379}
 * @param replicationIdentity the state of the server to which the positions belong
 * @param visited keys visited so far, live and reclaimed
 * @param reclaimed expired keys reclaimed so far
 * @param exact whether {@code reclaimed} is a count; if false, a part of it is an estimate
 * @param alone whether the sweep was alone in expiring keys: until now, neither a client nor the server itself was seen
 *     to expire any
 * @param uncounted the steps that the server may have run after this checkpoint, which its counts do not include; null
 *     if there can be none, as after an orderly end of a run and during a hold
 * @param expiredKeys the server's own counter (INFO {@code expired_keys}) right after the last counted step. From its
 *     growth a later run learns how much the uncertain steps reclaimed, whose replies were never counted.
 * @param slots the slots that the primary has served without a break since the pass over the databases began; all slots
 *     outside a cluster
 * @param epoch the primary's configuration epoch, a number that changes when the primary takes over slots, at the last
 *     reading of its slots; null if unknown, and outside a cluster
 * @param fraction the progress that was last reported, 0 to 1; a run that resumes here never reports less
 * @param databases one position for each database that the sweep covers, in the order of the sweep
 */
public record Checkpoint(
        String nodeId,
        ReplicationIdentity replicationIdentity,
        long visited,
        long reclaimed,
        boolean exact,
        boolean alone,
        @Nullable UncountedSteps uncounted,
        long expiredKeys,
        SlotSet slots,
        @Nullable Long epoch,
        double fraction,
        List<DatabasePosition> databases) {

    public Checkpoint {
        databases = List.copyOf(databases);
    }

    /** Returns whether the server may have run steps after this checkpoint. */
    public boolean stepsMayFollow() {
        return uncounted != null;
    }

    /**
     * Says how far the sweep has come in one database.
     *
     * @param db database number
     * @param segmentation how the database is divided into segments
     * @param seed fixes the random order in which the segments are visited
     * @param segmentsDone the number of complete segments, which are the first ones of that order
     * @param cursor the SCAN cursor at which to continue in the first segment that is not complete, an unsigned number;
     *     null for the start of that segment; 0, the end of every SCAN, if no key with a TTL was left in the database,
     *     so that the segments which are not complete need no visit
     */
    public record DatabasePosition(
            int db,
            Segmentation segmentation,
            long seed,
            int segmentsDone,
            @Nullable Long cursor) {

        /** Returns whether the database is covered. */
        public boolean complete() {
            return coverage() != null;
        }

        /** Returns why the database counts as covered; null if it is not covered yet. */
        public @Nullable DatabaseCoverage coverage() {
            if (segmentsDone >= segmentation.segments()) {
                return DatabaseCoverage.VISITED;
            }
            return cursor != null && cursor == 0 ? DatabaseCoverage.NO_TTL : null;
        }
    }
}
