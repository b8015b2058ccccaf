package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;

/** {@code keysweep scans resume ID}. */
@Command(name = "resume", description = "Ends the pause of a scan; holds stay in force.")
final class ScansResumeCommand extends OneScanCommand {

    ScansResumeCommand(Shell shell) {
        super(shell, "resume");
    }
}
