/** Measures what TLS costs a sweep and its server ({@code dev/bench tls}). */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.tls;
