/**
 * Plants keys on the server under test, sweeps it, loads it as an application does, and reads its figures. Several
 * benchmarks use these classes.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.server;
