package io.keysweep.cli.shell;

import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.FolderLedger;

/**
 * Opens the ledger of the user, which keeps the former settings of servers in the folder of Keysweep's files.
 *
 * <p>{@code keysweep sweep --assist} raises settings of a server for a while. The ledger has their former values, so
 * that a later process can put them back if this process is killed.
 */
public final class FormerSettings {

    private FormerSettings() {}

    /** Returns the ledger. If the user has no home folder, the ledger is empty and nothing can be stored in it. */
    public static AssistLedger of(CommandContext context) {
        try {
            return new FolderLedger(
                    context.keysweepHome().resolve("assist"),
                    warning -> context.err().println("keysweep: " + warning));
        } catch (CommandFailure e) {
            return AssistLedger.unavailable(String.valueOf(e.getMessage()));
        }
    }
}
