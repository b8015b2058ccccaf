package io.keysweep.engine.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * Simulates a hash table that is resized incrementally and scanned with bit-reversed cursors, as in Redis and Valkey. A
 * key is its own hash.
 */
public final class SimulatedTable implements Scanned {

    /** The buckets of the table, each with the hashes of its keys. */
    private List<List<Long>> main;

    /** The table that keys move to; empty unless the table is being resized. */
    private List<List<Long>> next = List.of();

    /** The number of buckets whose keys have moved to the next table. */
    private int movedBuckets;

    /** The number of keys in both tables. */
    private int size;

    /** Creates an empty table of 2^bits buckets. */
    public SimulatedTable(int bits) {
        main = buckets(bits);
    }

    @Override
    public void add(long hash) {
        List<List<Long>> table = resizing() ? next : main;
        table.get((int) (hash & mask(table))).add(hash);
        size++;
    }

    /** Removes the keys that match a predicate. */
    public void removeIf(LongPredicate predicate) {
        for (List<List<Long>> table : List.of(main, next)) {
            for (List<Long> bucket : table) {
                int sizeBefore = bucket.size();
                bucket.removeIf(predicate::test);
                size -= sizeBefore - bucket.size();
            }
        }
    }

    /** Removes a key that the table holds. */
    public void remove(long hash) {
        for (List<List<Long>> table : resizing() ? List.of(main, next) : List.of(main)) {
            if (table.get((int) (hash & mask(table))).remove((Long) hash)) {
                size--;
                return;
            }
        }
    }

    /** Returns the number of keys. */
    public int size() {
        return size;
    }

    /** Begins to move to 2^bits buckets, unless a move is in progress. */
    public void resize(int bits) {
        if (!resizing() && 1 << bits != main.size()) {
            next = buckets(bits);
            movedBuckets = 0;
        }
    }

    /** Moves the keys of some buckets. */
    public void move(int buckets) {
        for (int i = 0; i < buckets && resizing(); i++) {
            for (long hash : main.get(movedBuckets)) {
                next.get((int) (hash & mask(next))).add(hash);
            }
            main.get(movedBuckets).clear();
            if (++movedBuckets == main.size()) {
                main = next;
                next = List.of();
            }
        }
    }

    @Override
    public void change(Random random) {
        if (random.nextInt(4) == 0) {
            resize(random.nextInt(12));
        }
        move(random.nextInt(3) == 0 ? random.nextInt(2_000) : random.nextInt(20));
    }

    @Override
    public long scan(long cursor, int count, LongConsumer visitor) {
        int[] visitedKeys = {0};
        LongConsumer counting = hash -> {
            visitedKeys[0]++;
            visitor.accept(hash);
        };
        long position = cursor;
        int calls = 0;
        do {
            position = scanOnce(position, counting);
        } while (position != 0 && visitedKeys[0] < count && ++calls < 10 * count);
        return position;
    }

    /**
     * Visits the keys of one bucket, and of the buckets that belong to it in the other table; returns the next cursor.
     */
    private long scanOnce(long cursor, LongConsumer visitor) {
        if (!resizing()) {
            visit(main, cursor, visitor);
            return increment(cursor, mask(main));
        }
        List<List<Long>> smallTable = main.size() < next.size() ? main : next;
        List<List<Long>> largeTable = main.size() < next.size() ? next : main;
        visit(smallTable, cursor, visitor);
        long position = cursor;
        do {
            visit(largeTable, position, visitor);
            position = increment(position, mask(largeTable));
        } while ((position & (mask(smallTable) ^ mask(largeTable))) != 0);
        return position;
    }

    /** Returns the next cursor: increments it with its bits reversed, as servers do. */
    private static long increment(long cursor, long mask) {
        return Long.reverse(Long.reverse(cursor | ~mask) + 1);
    }

    private static void visit(List<List<Long>> table, long cursor, LongConsumer visitor) {
        List.copyOf(table.get((int) (cursor & mask(table)))).forEach(visitor::accept);
    }

    /** Returns whether keys are moving to another table. */
    private boolean resizing() {
        return !next.isEmpty();
    }

    private static long mask(List<List<Long>> table) {
        return table.size() - 1L;
    }

    /** Returns 2^bits empty buckets. */
    private static List<List<Long>> buckets(int bits) {
        List<List<Long>> buckets = new ArrayList<>();
        for (int i = 0; i < 1 << bits; i++) {
            buckets.add(new ArrayList<>(1));
        }
        return buckets;
    }
}
