/** The server under test: started, filled, asked for its own figures. Shared by all comparisons. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.server;
