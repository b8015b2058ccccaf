package io.keysweep.server.retention;

import java.util.function.IntUnaryOperator;

/**
 * Deletes many rows in small batches, each in its own transaction, so that other statements do not wait for long.
 *
 * <p>A batch is a transaction of its own only if the caller has none.
 */
public final class BatchedDelete {

    /** Maximum number of rows that one batch deletes. */
    private static final int BATCH_SIZE = 500;

    private BatchedDelete() {}

    /**
     * Deletes batches until a batch is not full. An exception of {@code delete} ends the loop; the earlier batches stay
     * deleted.
     *
     * @param delete deletes at most as many rows as its argument says, and returns the number of rows that it has
     *     deleted
     * @return number of deleted rows in all batches
     */
    public static int run(IntUnaryOperator delete) {
        int removed = 0;
        int batch;
        do {
            batch = delete.applyAsInt(BATCH_SIZE);
            removed += batch;
        } while (batch == BATCH_SIZE);
        return removed;
    }
}
