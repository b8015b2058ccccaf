package io.keysweep.engine.plan;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint stores the progress of the sweep of one primary, so that a later run can resume the sweep after a crash.
 *
 * <p>A sweep reports a checkpoint about every 250 ms. A <i>run</i> is the work of one process on a sweep without a
 * break. The positions are valid only while the server has the same replication identity. If it has changed, the run
 * begins again at the start of each database. The counts are always valid. An <i>uncertain</i> step is one that the
 * server may have run, but whose reply was never counted.
 *
 * @param nodeId the address of the primary, such as {@code 10.0.0.5:6379}
 * @param replicationIdentity the state of the server to which the positions belong
 * @param visited the number of keys visited so far, live and reclaimed
 * @param reclaimed the number of expired keys reclaimed so far
 * @param exact whether {@code reclaimed} is a count; if false, a part of it is an estimate
 * @param alone whether only the sweep has expired keys so far: neither a client nor the server itself was seen to
 *     expire any
 * @param uncounted the steps that the server may have run after this checkpoint, and that its counts do not include.
 *     Null if there can be none, for example after an orderly end of a run, or during a hold (a time without steps)
 * @param expiredKeys the server's own counter (INFO {@code expired_keys}) right after the last counted step. From its
 *     growth a later run learns how many keys the uncertain steps reclaimed.
 * @param deletionPoint the point of the primary's replication stream that follows the deletions of all the reclaimed
 *     keys; null if it is unknown. A server that becomes the primary before it has received the stream up to this point
 *     may still hold some of these keys
 * @param slots the slots that the primary has served without a break since the pass over the databases began; all slots
 *     outside a cluster
 * @param epoch the primary's configuration epoch when its slots were last read, a number that changes when the primary
 *     takes over slots; null if unknown, and outside a cluster
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
        @Nullable ReplicationPoint deletionPoint,
        SlotSet slots,
        @Nullable Long epoch,
        double fraction,
        List<DatabasePosition> databases) {

    public Checkpoint {
        databases = List.copyOf(databases);
    }

    /** Returns whether the server may have run steps after this checkpoint, see {@link #uncounted}. */
    public boolean stepsMayFollow() {
        return uncounted != null;
    }

    /**
     * Holds the progress of the sweep in one database.
     *
     * @param db the database number
     * @param segmentation how the database is divided into segments
     * @param seed fixes the random order in which the segments are visited
     * @param segmentsDone the number of complete segments, which are the first segments in that order
     * @param cursor the SCAN cursor at which to continue in the first segment that is not complete, an unsigned number;
     *     null for the start of that segment. The value 0, which is never a position within a segment, states that the
     *     database had no key with a TTL left, so the remaining segments need no visit
     */
    public record DatabasePosition(
            int db,
            Segmentation segmentation,
            long seed,
            int segmentsDone,
            @Nullable Long cursor) {

        /** The cursor that states that no key with a TTL was left. */
        static final long NO_TTL_LEFT = 0;

        /** Returns the start of a database: no segment is complete, and no scan has begun. */
        static DatabasePosition start(int db, Segmentation segmentation, long seed) {
            return new DatabasePosition(db, segmentation, seed, /* segmentsDone= */ 0, /* cursor= */ null);
        }

        /** Returns whether the database is covered: nothing in it is left to visit. */
        public boolean complete() {
            return coverage() != null;
        }

        /** Returns why the database is treated as covered; null if it is not covered yet. */
        public @Nullable DatabaseCoverage coverage() {
            if (segmentsDone >= segmentation.segments()) {
                return DatabaseCoverage.VISITED;
            }
            return cursor != null && cursor == NO_TTL_LEFT ? DatabaseCoverage.NO_TTL : null;
        }
    }
}
