package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;

/** {@code keysweep scans cancel ID}. */
@Command(name = "cancel", description = "Ends a scan as failed; what was reclaimed stays counted.")
final class ScansCancelCommand extends OneScanCommand {

    ScansCancelCommand(Shell shell) {
        super(shell, "cancel");
    }
}
