/**
 * Limits how many sweeps run at once, in all, of a project and on a host. Divides the pace among the sweeps on a host.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.budget;
