/**
 * Decides when sweeps may run, by weekly windows in a time zone and by blackouts, and spreads the starts of many
 * instances.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.window;
