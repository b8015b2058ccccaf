/** Many primaries swept by one process: whether it is the servers that bound the speed. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.fleet;
