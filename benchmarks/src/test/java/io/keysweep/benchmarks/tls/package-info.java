/** Tests the calculation of what TLS costs. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.tls;
