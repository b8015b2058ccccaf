package io.keysweep.cli.shell;

import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.FolderLedger;

/**
 * Opens the {@link AssistLedger} of the user, in the folder {@code assist} of Keysweep's home folder.
 *
 * <p>{@code keysweep sweep --assist} raises settings of a server for a while. The ledger keeps their former values, so
 * that a later process can put them back if this process is killed.
 */
public final class UserAssistLedger {

    private UserAssistLedger() {}

    /** Returns the ledger. If the user has no home folder, the ledger is empty, and assist is refused. */
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
