package io.keysweep.server.retention;

import java.util.function.IntUnaryOperator;

/** Deletes rows in small batches, each in a transaction of its own, so that no other statement waits for long. */
public final class BatchedDelete {

    private static final int BATCH_SIZE = 500;

    private BatchedDelete() {}

    /**
     * Deletes batches until one is not full.
     *
     * @param delete deletes at most as many rows as its argument says, and returns how many it has deleted
     * @return the number of deleted rows
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
