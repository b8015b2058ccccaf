/**
 * Starts automatic scans. Three classes decide when a scan is due: {@link io.keysweep.server.autoscan.ScheduledStarter}
 * from the schedule of an instance, {@link io.keysweep.server.autoscan.LowMemoryStarter} from its memory, and {@link
 * io.keysweep.server.autoscan.BacklogStarter} from its backlog target (the number of expired keys in memory that the
 * instance may have). Each start is recorded with its reason, whether it happens or is skipped, see {@link
 * io.keysweep.server.autoscan.Start}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.autoscan;
