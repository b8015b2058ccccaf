/** Budgets: how many sweeps may run at once in all, of a project and on a host, and what those on a host share. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.budget;
