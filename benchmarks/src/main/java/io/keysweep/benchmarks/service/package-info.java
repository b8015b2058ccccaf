/** Runs a complete service for benchmarks: its processes, their PostgreSQL, and the Redis servers that they sweep. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.service;
