package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the budget of a project and its use in responses of {@code …/budget}.
 *
 * @param projectId 32 hex characters
 * @param document the budget, or null if the project has none
 * @param running number of the project's sweeps that run
 * @param waiting number of the project's sweeps that wait for this budget or another budget
 * @param setBy id of the access key that set the budget, or null
 * @param setAt when the budget was set, or null
 * @param version version of the budget; every change raises it, 0 if a budget was never set. In quotes it is the ETag
 */
public record BudgetView(
        String projectId,
        @Nullable BudgetDocument document,
        int running,
        int waiting,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
