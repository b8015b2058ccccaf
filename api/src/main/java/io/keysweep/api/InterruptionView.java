package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes why one run of a sweep was interrupted; a later run continues from the last checkpoint.
 *
 * <p>A sweep visits all keys of one primary, so that the server removes the expired ones. A run is the work of one
 * process on a sweep without a break. A checkpoint is the state of the sweep that the service saved last. {@link
 * SweepView} lists the interruptions.
 *
 * @param run number of the interrupted run, 1 for the first
 * @param at when the service recorded the interruption
 * @param worker id of the worker, the process that did the run; null if unknown
 * @param reason why the run was interrupted
 */
public record InterruptionView(
        int run, Instant at, @Nullable String worker, String reason) {}
