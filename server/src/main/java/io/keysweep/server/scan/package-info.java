/** Scans: their states, their store, and the runner that sweeps one primary an execution. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.scan;
