/** Tests the calculation of the steady backlog with assist. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.starvation;
