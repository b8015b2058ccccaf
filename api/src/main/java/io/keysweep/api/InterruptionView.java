package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of a sweep that was broken off; another run went on from its last checkpoint.
 *
 * @param run which, 1 for the first
 * @param at when that was noted
 * @param worker id of the worker whose run it was
 * @param reason why
 */
public record InterruptionView(
        int run, Instant at, @Nullable String worker, String reason) {}
