/**
 * Declares options that several benchmarks share, and writes their results as JSON files and text tables, with the
 * machine on which they were measured.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.result;
