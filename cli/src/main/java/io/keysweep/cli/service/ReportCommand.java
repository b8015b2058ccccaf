package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Implements {@code keysweep report}, which verifies files that {@code keysweep scans report} has written. */
@Command(name = "report", description = "Verifies the report of a scan, without a service.")
public final class ReportCommand extends CommandGroup {

    private ReportCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommand. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new ReportCommand(context).with(new ReportVerifyCommand(context));
    }
}
