package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports the budget of a project and how much of it is in use; {@code GET} and {@code PUT
 * /api/v1/projects/{id}/budget} return it.
 *
 * <p>The budget limits how many sweeps of the project run at the same time. A sweep visits all keys of one primary, so
 * that the server removes the expired ones.
 *
 * @param projectId id of the project, 32 hex characters
 * @param document the budget, or null if the project has none
 * @param running number of sweeps of the project that run now
 * @param waiting number of sweeps of the project that wait for this budget, or for a budget of the whole service
 * @param setBy id of the access key that set the budget; null if the project has none
 * @param setAt when the budget was set; null if the project has none
 * @param version version of the budget, 0 if none was ever set. Every change raises it. The ETag is this number in
 *     quotes
 */
public record BudgetView(
        String projectId,
        @Nullable BudgetDocument document,
        int running,
        int waiting,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
