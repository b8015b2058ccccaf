package io.keysweep.api;

/**
 * Describes the budget of a project: the limit on its sweeps. The request body of {@code PUT …/budget}.
 *
 * @param sweeps maximum number of sweeps of the project that run at once, 1 to 1,000,000
 */
public record BudgetDocument(int sweeps) {}
