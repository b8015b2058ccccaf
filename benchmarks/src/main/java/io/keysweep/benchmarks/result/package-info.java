/** Writes results as JSON and tables, with the machine of the run. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.result;
