/** Fills the server under test and reads its figures; all comparisons share this package. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.server;
