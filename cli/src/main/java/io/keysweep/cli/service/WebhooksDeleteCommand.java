package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks delete}. */
@Command(name = "delete", description = "Deletes a webhook and what became of its notices.")
final class WebhooksDeleteCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the webhook's id, see 'keysweep webhooks list'")
    private String id = "";

    WebhooksDeleteCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        new WebhookCalls(client).delete(id);
        return 0;
    }
}
