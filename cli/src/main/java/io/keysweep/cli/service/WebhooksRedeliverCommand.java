package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks redeliver}. */
@Command(name = "redeliver", description = "Has a notice delivered again, under the same id.")
final class WebhooksRedeliverCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the webhook's id, see 'keysweep webhooks list'")
    private String id = "";

    @Parameters(index = "1", paramLabel = "DELIVERY", description = "its id, see 'keysweep webhooks deliveries'")
    private String deliveryId = "";

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksRedeliverCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(
                shell(),
                new WebhookCalls(client).redeliver(id, deliveryId),
                delivery -> List.of(WebhookLines.line(delivery)));
        return 0;
    }
}
