package io.keysweep.cli.control;

import org.jspecify.annotations.Nullable;

/**
 * What a sweep answers, as one line of JSON: one of the two.
 *
 * @param status where it stands, with what was asked for taken into account
 * @param refusal what is wrong with the request
 */
record SweepAnswerLine(
        @Nullable SweepStatus status, @Nullable String refusal) {}
