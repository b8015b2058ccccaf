package io.keysweep.benchmarks.comparison;

/**
 * What is planted.
 *
 * @param persistent keys without a TTL
 * @param expired keys that are dead before a contender begins
 * @param valueSize bytes of each value
 */
record KeySpaceSize(long persistent, long expired, int valueSize) {

    long total() {
        return persistent + expired;
    }
}
