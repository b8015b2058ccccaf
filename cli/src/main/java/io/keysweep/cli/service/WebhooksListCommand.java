package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keysweep webhooks list}. */
@Command(name = "list", description = "Lists the webhooks of the project, one a line.")
final class WebhooksListCommand extends ServiceCommand {

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksListCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.writeAll(shell(), new WebhookCalls(client).list(), WebhookLines::line);
        return 0;
    }
}
