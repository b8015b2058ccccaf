package io.keysweep.server.retention;

import java.util.function.IntUnaryOperator;

/**
 * Deletes many rows in small batches, each in its own transaction, so that other statements do not wait for long.
 *
 * <p>If the caller has a transaction, all batches are part of that transaction.
 */
public final class BatchedDelete {

    /** Maximum number of rows that one batch deletes. */
    private static final int BATCH_SIZE = 500;

    private BatchedDelete() {}

    /**
     * Deletes one batch after another, until a batch is not full. If {@code delete} throws an exception, the loop ends.
     * The earlier batches are then not undone, unless the caller rolls its transaction back.
     *
     * @param delete deletes at most as many rows as its argument says, and returns the number of rows that it has
     *     deleted
     * @return number of deleted rows in all batches
     */
    public static int run(IntUnaryOperator delete) {
        int removedRows = 0;
        int batch;
        do {
            batch = delete.applyAsInt(BATCH_SIZE);
            removedRows += batch;
        } while (batch == BATCH_SIZE);
        return removedRows;
    }
}
