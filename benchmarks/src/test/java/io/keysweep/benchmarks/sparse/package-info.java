@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.sparse;
