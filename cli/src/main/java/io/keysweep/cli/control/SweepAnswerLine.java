package io.keysweep.cli.control;

import org.jspecify.annotations.Nullable;

/**
 * Represents the answer of a sweep, one line of JSON. Exactly one of the components is null.
 *
 * @param status status of the sweep after it has carried out the request
 * @param refusal a sentence that says what is wrong with the request
 */
record SweepAnswerLine(
        @Nullable SweepStatus status, @Nullable String refusal) {}
