package io.keysweep.engine.plan;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the sweep of one primary has come; enough to go on after a crash. A checkpoint's positions hold only on the
 * footing that it was taken on; its counts hold always.
 *
 * @param nodeId {@code host:port} of the primary
 * @param footing what the positions stand on
 * @param visited keys visited so far, live and reclaimed
 * @param reclaimed expired keys reclaimed so far
 * @param exact whether {@code reclaimed} is an exact count
 * @param alone whether no other expiry was seen beside the sweep so far
 * @param stepsMayFollow whether steps may have been done after it that it does not hold; false where a run ended in
 *     good order
 * @param expiredKeys the server's own counter (INFO {@code expired_keys}) right after the last step that is counted
 *     here; settles what a step in doubt has reclaimed
 * @param slots what the pass has held so far: slots that the primary has served all the time since it began; all slots
 *     outside a cluster
 * @param epoch the primary's configuration epoch when its slots were looked at last: another one if it has taken slots
 *     since; null if it is not known, and outside a cluster
 * @param fraction how much of the sweep was told to be done, 0 to 1; a run that goes on from here tells no less
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
     * Position in one database: segments are visited in an order that {@code seed} fixes.
     *
     * @param db database number
     * @param segmentation how the database is cut
     * @param seed seed of the random order
     * @param segmentsDone how many segments of that order are complete
     * @param cursor where to go on in the segment after them, unsigned; null at its start
     */
    public record DatabasePosition(
            int db,
            Segmentation segmentation,
            long seed,
            int segmentsDone,
            @Nullable Long cursor) {

        /** Whether every segment is complete. */
        public boolean complete() {
            return segmentsDone >= segmentation.segments();
        }
    }
}
