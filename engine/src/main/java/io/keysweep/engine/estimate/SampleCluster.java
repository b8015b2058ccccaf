package io.keysweep.engine.estimate;

/**
 * Holds one cluster of a sample: the keys at neighbouring positions of a table.
 *
 * @param size the size of the cluster: the share of the table that it covers, or the number of keys in it
 * @param hits what was counted in the cluster: live keys, or dead ones
 */
record SampleCluster(double size, double hits) {}
