/**
 * Limits how many sweeps run at the same time, and divides the pace of a host.
 *
 * <p>A sweep is the part of a scan that visits one primary. The limits are in total, for each project and for each
 * host. {@link io.keysweep.server.budget.Permits} grants permits to sweeps, {@link
 * io.keysweep.server.budget.BudgetHold} keeps sweeps without a permit from running, and {@link
 * io.keysweep.server.budget.HostPaceBudget} divides the pace that a host allows among its sweeps.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.budget;
