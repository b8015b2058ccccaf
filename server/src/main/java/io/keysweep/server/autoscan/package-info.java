/**
 * Starts automatic scans. Three classes decide when: {@link io.keysweep.server.autoscan.ScheduledStarter} by the
 * schedule of an instance, {@link io.keysweep.server.autoscan.LowMemoryStarter} by its memory, and {@link
 * io.keysweep.server.autoscan.BacklogStarter} by its backlog target, the number of expired keys in memory that it may
 * have. Each start is recorded with its reason, whether it happens or is skipped, see {@link
 * io.keysweep.server.autoscan.Start}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.autoscan;
