/** What a scan costs the service and its database: {@code dev/bench service}, the input of docs/scale.md. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.capacity;
