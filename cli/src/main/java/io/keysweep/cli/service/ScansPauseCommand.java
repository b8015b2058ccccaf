package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;

/** {@code keysweep scans pause ID}. */
@Command(name = "pause", description = "Stops a scan within a second, until it is resumed; its timeout goes on.")
final class ScansPauseCommand extends OneScanCommand {

    ScansPauseCommand(Shell shell) {
        super(shell, "pause");
    }
}
