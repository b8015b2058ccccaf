/** A whole service: its processes, their database and the servers that they sweep, to be disturbed, loaded and measured. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.service;
