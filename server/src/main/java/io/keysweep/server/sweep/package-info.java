/** Carries out sweeps: a worker claims the sweep of one primary, runs it and stores its checkpoints, holds and end. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.sweep;
