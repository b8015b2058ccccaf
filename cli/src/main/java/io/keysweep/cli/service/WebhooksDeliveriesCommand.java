package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks deliveries}. */
@Command(name = "deliveries", description = "Lists what became of the notices of a webhook, the newest first.")
final class WebhooksDeliveriesCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the webhook's id, see 'keysweep webhooks list'")
    private String id = "";

    @Option(names = "--state", paramLabel = "STATE", description = "only these: pending, delivered or dead")
    private @Nullable String state;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, up to 1000; default 100")
    private int limit = 100;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksDeliveriesCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.writeAll(shell(), new WebhookCalls(client).deliveries(id, state, limit), WebhookLines::line);
        return 0;
    }
}
