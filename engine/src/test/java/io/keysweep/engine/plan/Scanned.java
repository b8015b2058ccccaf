package io.keysweep.engine.plan;

import java.util.Random;
import java.util.function.LongConsumer;

/** Simulates keys that are scanned with cursors. A key is its own hash. */
public interface Scanned {

    /** Adds a key. */
    void add(long hash);

    /** Changes the tables at random: they grow, shrink or move some keys. */
    void change(Random random);

    /** Runs one SCAN call: visits about {@code count} keys and returns the next cursor. */
    long scan(long cursor, int count, LongConsumer visitor);
}
