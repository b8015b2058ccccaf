/** The sweep of one primary by a worker: attempts, checkpoints, runs and holds, and the execution that does the work. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.sweep;
