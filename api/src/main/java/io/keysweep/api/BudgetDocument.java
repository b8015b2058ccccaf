package io.keysweep.api;

/**
 * What the sweeps of a project may take together; body of {@code PUT …/budget}, which replaces the whole.
 *
 * @param sweeps sweeps at once, 1 to 1,000,000
 */
public record BudgetDocument(int sweeps) {}
