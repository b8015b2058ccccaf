/** Tests how the figures of benchmarks are calculated and written. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.result;
