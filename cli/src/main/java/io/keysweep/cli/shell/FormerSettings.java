package io.keysweep.cli.shell;

import io.keysweep.engine.assist.AssistLedger;

/** Opens the ledger of the user: the former settings of servers, in the folder of Keysweep's files. */
public final class FormerSettings {

    private FormerSettings() {}

    /** Returns the ledger. Without a home folder it is empty, and nothing can be stored in it. */
    public static AssistLedger of(CommandContext context) {
        try {
            return new AssistLedger(context.keysweepHome().resolve("assist"));
        } catch (IllegalStateException e) {
            return AssistLedger.unavailable(String.valueOf(e.getMessage()));
        }
    }
}
