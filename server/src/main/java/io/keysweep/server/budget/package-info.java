/**
 * Limits how many sweeps run at the same time, in total, of each project and on each host, and divides the pace of a
 * host.
 *
 * <p>A sweep is the part of a scan that visits one primary. {@link io.keysweep.server.budget.Permits} grants permits to
 * sweeps, {@link io.keysweep.server.budget.BudgetHold} keeps sweeps without a permit from running, and {@link
 * io.keysweep.server.budget.HostPaceBudget} divides the pace that a host allows among its sweeps.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.budget;
