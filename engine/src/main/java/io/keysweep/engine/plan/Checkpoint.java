package io.keysweep.engine.plan;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the progress of the sweep of one primary, enough to resume it after a crash. The positions are valid only for
 * the same replication identity; the counts are always valid.
 *
 * @param nodeId {@code host:port} of the primary
 * @param replicationIdentity the state of the server to which the positions belong
 * @param visited keys visited so far, live and reclaimed
 * @param reclaimed expired keys reclaimed so far
 * @param exact whether {@code reclaimed} is an exact count
 * @param alone whether no expiry besides the sweep's own was seen so far
 * @param stepsMayFollow whether the server may have run steps after this checkpoint that it does not count; false after
 *     an orderly end of a run
 * @param expiredKeys the server's own counter (INFO {@code expired_keys}) right after the last counted step; it settles
 *     how much an uncertain step has reclaimed
 * @param slots the slots that the primary has served without a break since the sweep began; all slots outside a cluster
 * @param epoch the primary's configuration epoch when its slots were last read; it changes when the primary takes over
 *     slots; null if unknown, and outside a cluster
 * @param fraction the progress that was last reported, 0 to 1; a run that resumes here never reports less
 * @param databases one position for each database of the plan
 */
public record Checkpoint(
        String nodeId,
        ReplicationIdentity replicationIdentity,
        long visited,
        long reclaimed,
        boolean exact,
        boolean alone,
        boolean stepsMayFollow,
        long expiredKeys,
        SlotSet slots,
        @Nullable Long epoch,
        double fraction,
        List<DatabasePosition> databases) {

    public Checkpoint {
        databases = List.copyOf(databases);
    }

    /**
     * Holds the position in one database.
     *
     * @param db database number
     * @param segmentation how the database is divided into segments
     * @param seed fixes the random order in which the segments are visited
     * @param segmentsDone how many segments of that order are complete
     * @param cursor where to continue in the next segment, unsigned; null at its start
     */
    public record DatabasePosition(
            int db,
            Segmentation segmentation,
            long seed,
            int segmentsDone,
            @Nullable Long cursor) {

        /** Returns whether every segment is complete. */
        public boolean complete() {
            return segmentsDone >= segmentation.segments();
        }
    }
}
