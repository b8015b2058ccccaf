package io.keysweep.cli.service;

import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code keysweep scans watch}, which shows the progress of a scan until it ends. */
@Command(
        name = "watch",
        description = {
            "Shows the progress of a scan until it ends, then its result. Ctrl-C ends the display, not the scan.",
            "Exits with 0 if the scan succeeded, 6 if it timed out, 130 if it was cancelled, and 1 if it failed otherwise."
        })
final class ScansWatchCommand extends ServiceCommand {

    @Mixin
    private ScanArgument scan = new ScanArgument();

    @Option(names = "--quiet", description = "show no progress, only the result")
    private boolean quiet;

    @Mixin
    private EntryOutput output = new EntryOutput();

    ScansWatchCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        exitWith(ScanWatch.show(context(), client, scan.id(client), scan.typed(), quiet, output));
    }
}
