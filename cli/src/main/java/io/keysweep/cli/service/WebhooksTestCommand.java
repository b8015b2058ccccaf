package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks test}. */
@Command(name = "test", description = "Sends a ping, once, and shows what came of it; exit code 1 if it was not taken.")
final class WebhooksTestCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the webhook's id, see 'keysweep webhooks list'")
    private String id = "";

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksTestCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        DeliveryView delivery = new WebhookCalls(client).test(id);
        output.write(shell(), delivery, sent -> List.of(WebhookLines.line(sent)));
        return (delivery.error() == null ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}
