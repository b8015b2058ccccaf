package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;

/** One sequential pass over a database; holds for whatever cursors a server has. */
final class FullPass {

    private static final int COUNT = 1_000;

    private FullPass() {}

    /** The dead keys of a database: on a replica those that DBSIZE counts and no call returns. */
    static Backlog of(EstimateSource source, int db) throws InterruptedException {
        long before = source.select(db);
        long cursor = 0;
        long passed = 0;
        long reclaimed = 0;
        long calls = 0;
        do {
            StepOutcome outcome = source.pass(cursor, COUNT);
            cursor = outcome.cursor();
            passed += outcome.visited();
            reclaimed += outcome.reclaimed();
            calls++;
        } while (cursor != 0);
        if (!source.replica()) {
            return new Backlog(reclaimed, 0, passed, calls, reclaimed);
        }
        // Keys that come or go meanwhile are met or missed about half the time.
        double keys = (before + source.select(db)) / 2.0;
        return new Backlog(Math.max(0, keys - passed), 0, Math.round(keys), calls, 0);
    }
}
