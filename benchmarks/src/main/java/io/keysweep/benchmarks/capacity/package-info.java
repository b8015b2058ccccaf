/**
 * Measures what a scan costs the service and its database ({@code dev/bench service}). The figures are in
 * docs/scale.md.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.capacity;
