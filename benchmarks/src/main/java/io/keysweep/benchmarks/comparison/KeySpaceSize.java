package io.keysweep.benchmarks.comparison;

/**
 * Describes how many keys a benchmark creates on its server before a contender starts.
 *
 * @param persistent the number of keys without a TTL
 * @param expired the number of keys that have expired before a contender starts
 * @param valueSize the bytes of each value
 */
record KeySpaceSize(long persistent, long expired, int valueSize) {

    /** Returns the number of all keys. */
    long total() {
        return persistent + expired;
    }
}
