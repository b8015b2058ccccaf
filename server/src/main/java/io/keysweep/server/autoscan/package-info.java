/**
 * Starts automatic scans. Three classes decide when: {@link io.keysweep.server.autoscan.ScheduledStarter} by the
 * schedule of an instance, {@link io.keysweep.server.autoscan.LowMemoryStarter} by its memory, and
 * {@link io.keysweep.server.autoscan.BacklogStarter} by its backlog target. Every start is recorded with its reason.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.autoscan;
