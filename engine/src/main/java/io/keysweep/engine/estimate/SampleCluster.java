package io.keysweep.engine.estimate;

/**
 * One piece of a sample: the keys of neighbouring positions in a table.
 *
 * @param size how large the piece is: the share of the table that it covers, or the keys in it
 * @param hits what was counted in it: live keys, or dead ones
 */
record SampleCluster(double size, double hits) {}
