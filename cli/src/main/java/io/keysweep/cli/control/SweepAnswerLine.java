package io.keysweep.cli.control;

import org.jspecify.annotations.Nullable;

/**
 * Represents the answer of a sweep to {@code keysweep sweeps}, sent as one line of JSON. Exactly one of the components
 * is null.
 *
 * @param status status of the sweep after the request; null if the request was refused
 * @param refusal sentence that says what is wrong with the request; null if the request was carried out
 */
record SweepAnswerLine(
        @Nullable SweepStatus status, @Nullable String refusal) {}
