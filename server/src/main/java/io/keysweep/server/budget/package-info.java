/**
 * Limits how many sweeps run at once: in all, of each project and on each host. Divides the pace that a host allows
 * among its sweeps.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.budget;
