package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the interruption of one run of a sweep; another run continued from its last checkpoint.
 *
 * @param run number of the interrupted run, 1 for the first
 * @param at when the service recorded the interruption
 * @param worker id of the worker that did the run, or null if unknown
 * @param reason why the run was interrupted
 */
public record InterruptionView(
        int run, Instant at, @Nullable String worker, String reason) {}
