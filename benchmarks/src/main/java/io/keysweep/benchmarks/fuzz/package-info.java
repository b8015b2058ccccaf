/**
 * Sends mutated HTTP requests to a service and checks its answers, its log and its heap ({@code dev/fuzz}).
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.fuzz;
