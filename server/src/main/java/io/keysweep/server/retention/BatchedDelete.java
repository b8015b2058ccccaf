package io.keysweep.server.retention;

import java.util.function.IntUnaryOperator;

/** Deletes many rows in small batches, each in its own transaction, so that other statements never wait for long. */
public final class BatchedDelete {

    private static final int BATCH_SIZE = 500;

    private BatchedDelete() {}

    /**
     * Deletes batches until a batch is not full.
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
