package io.keysweep.cli.service;

import io.keysweep.api.WebhookDocument;
import io.keysweep.cli.shell.Shell;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks create}. */
@Command(
        name = "create",
        description = {
            "Has notices sent to a URL, signed after the Standard Webhooks specification.",
            "Shows the secret that they are signed with, once."
        })
final class WebhooksCreateCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "URL", description = "where notices go, http(s)://HOST[:PORT][/PATH]")
    private String url = "";

    @Option(
            names = "--event",
            paramLabel = "EVENT",
            split = ",",
            description =
                    "scan.finished, scan.failed, scan.held or threshold.passed; several are possible. Default: all")
    private @Nullable List<String> events;

    @Option(
            names = "--held-minutes",
            paramLabel = "N",
            description = "how long a scan is on hold before that is told; default 60")
    private @Nullable Integer heldMinutes;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksCreateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        WebhookDocument document = new WebhookDocument(url, events, heldMinutes, null);
        output.write(shell(), new WebhookCalls(client).create(document), WebhookLines::lines);
        return 0;
    }
}
