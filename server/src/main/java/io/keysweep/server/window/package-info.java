/**
 * Uses weekly windows and blackouts to decide when sweeps may run, and distributes the starts of many instances over a
 * period of time.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.window;
