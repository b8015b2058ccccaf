/** Tests what several benchmarks use to run their servers. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.server;
