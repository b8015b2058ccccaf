package io.keysweep.cli.service;

import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code keysweep instances trends}, which shows the history of an instance. */
@Command(
        name = "trends",
        description = {
            "Shows what scans and estimates of an instance have measured, the earliest first.",
            "Each line describes a period of MINUTES minutes, or a single moment if MINUTES is 0."
        })
final class InstancesTrendsCommand extends ServiceCommand {

    @Mixin
    private InstanceArgument instance = new InstanceArgument();

    @Option(
            names = "--days",
            paramLabel = "DAYS",
            defaultValue = "30",
            description = "number of days to show, up to now: 1 to 731. Default: 30")
    private int days;

    @Mixin
    private EntryOutput output = new EntryOutput();

    InstancesTrendsCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        String id = instance.id(client);
        output.writeList(context(), new InstanceCalls(client).trends(id, days).points(), TrendTable.POINTS);
    }
}
