package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks rotate}. */
@Command(
        name = "rotate",
        description = "Gives a webhook a new secret, shown once; the one before signs as well for 24 hours.")
final class WebhooksRotateCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the webhook's id, see 'keysweep webhooks list'")
    private String id = "";

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksRotateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(shell(), new WebhookCalls(client).rotate(id), WebhookLines::lines);
        return 0;
    }
}
