package io.keysweep.engine.plan;

import java.util.Random;
import java.util.function.LongConsumer;

/** Keys that are scanned with cursors. A key is its own hash. */
public interface Scanned {

    /** Adds a key. */
    void add(long hash);

    /** Lets tables grow, shrink and move on a little. */
    void change(Random random);

    /** One SCAN call: visits about {@code count} keys and returns the next cursor. */
    long scan(long cursor, int count, LongConsumer visitor);
}
