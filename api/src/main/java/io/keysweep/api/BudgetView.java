package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The budget of a project and what is used of it, as {@code GET …/budget} shows it.
 *
 * @param projectId 32 hex characters
 * @param document the budget, or null if the project has none of its own
 * @param running sweeps of the project that run
 * @param waiting sweeps of the project that wait for a budget, this one or another
 * @param setBy access key that has set it, or null
 * @param setAt when, or null
 * @param version of what the project has set, raised by every change, 0 if it never has; in quotes it is the ETag
 */
public record BudgetView(
        String projectId,
        @Nullable BudgetDocument document,
        int running,
        int waiting,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
