package io.keysweep.engine.estimate;

/**
 * Holds the size and the hits of one group of keys at neighbouring positions of a hash table, visited by one SCAN call.
 *
 * <p>{@link RatioEstimate} derives the ratio of hits to size from the groups of a sample.
 *
 * @param size the size of the group: on a replica, the part of the table that it covers, from 0 to 1; on a primary, the
 *     number of its keys
 * @param hits the number of counted keys in the group: on a replica, the live keys; on a primary, the dead keys
 */
record SampleGroup(double size, double hits) {}
