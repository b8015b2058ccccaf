/**
 * Supports tests and benchmarks: real servers on free ports, a plain client, expired keys, network faults and a clock.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.testkit;
