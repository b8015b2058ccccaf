package io.keysweep.cli.service;

import io.keysweep.api.WebhookDocument;
import io.keysweep.api.WebhookView;
import io.keysweep.cli.shell.Shell;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep webhooks update}. */
@Command(name = "update", description = "Changes a webhook; what is left out stays as it is.")
final class WebhooksUpdateCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the webhook's id, see 'keysweep webhooks list'")
    private String id = "";

    @Option(names = "--url", paramLabel = "URL", description = "where notices go")
    private @Nullable String url;

    @Option(names = "--event", paramLabel = "EVENT", split = ",", description = "what is told, all of it")
    private @Nullable List<String> events;

    @Option(names = "--held-minutes", paramLabel = "N", description = "how long a scan is on hold before that is told")
    private @Nullable Integer heldMinutes;

    @Option(names = "--enabled", paramLabel = "true|false", description = "whether anything is told at all")
    private @Nullable Boolean enabled;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    WebhooksUpdateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        WebhookCalls calls = new WebhookCalls(client);
        WebhookView now = calls.get(id);
        WebhookDocument document = new WebhookDocument(
                url == null ? now.url() : url,
                events == null ? now.events() : events,
                heldMinutes == null ? now.heldMinutes() : heldMinutes,
                enabled == null ? now.enabled() : enabled);
        output.write(shell(), calls.update(id, document, now.version()), WebhookLines::lines);
        return 0;
    }
}
