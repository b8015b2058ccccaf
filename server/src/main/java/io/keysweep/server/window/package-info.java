/** Windows: when sweeps may run, by week, in a time zone, with blackouts; and how a fleet's starts are spread. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.window;
