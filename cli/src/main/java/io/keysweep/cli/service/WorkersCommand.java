package io.keysweep.cli.service;

import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Implements {@code keysweep workers}, which lists the processes of a service and the sweeps that they run. */
@Command(
        name = "workers",
        description = "Lists the processes of a service; -o wide also lists the sweeps that each process runs.")
public final class WorkersCommand extends ServiceCommand {

    @Mixin
    private EntryOutput output = new EntryOutput();

    /** Creates the command. */
    public WorkersCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.writeList(context(), new ScanCalls(client).workers(), ServiceTable.WORKERS);
    }
}
