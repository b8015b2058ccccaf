/** Scans: their states, their store, their APIs, and the planner of their rounds. The room of sweeps does the work. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.scan;
