package io.keysweep.api;

/**
 * Describes the budget of a project, which limits its sweeps; the body of {@code PUT /api/v1/projects/{id}/budget}.
 *
 * <p>A sweep visits all keys of one primary, so that the server removes the expired ones. A sweep beyond the budget
 * waits until another one ends.
 *
 * @param sweeps maximum number of sweeps of the project that run at the same time, 1 to 1,000,000
 */
public record BudgetDocument(int sweeps) {}
