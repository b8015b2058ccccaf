/**
 * Measures how many expired keys the server's active expiry leaves in memory while keys expire all the time, alone and
 * with a sweep ({@code dev/bench starvation}).
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.starvation;
