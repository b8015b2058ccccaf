/** Measures what a scan costs the service and its database ({@code dev/bench service}); docs/scale.md uses the figures. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.capacity;
