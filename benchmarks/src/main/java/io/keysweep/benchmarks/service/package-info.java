/** Runs a complete service for benchmarks: processes, their database, and the servers that they sweep. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.service;
