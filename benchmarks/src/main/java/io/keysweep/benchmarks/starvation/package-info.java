/** Measures the backlog of active expiry while keys expire all the time, alone and next to a sweep. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.starvation;
