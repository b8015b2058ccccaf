package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookDocument;
import io.keysweep.api.WebhookView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.YesOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep webhooks}, which manages the webhooks of a project (URLs that receive its events) and
 * shows their deliveries. A delivery brings one notice, the message about an event, to one webhook.
 */
@Command(
        name = "webhooks",
        description = "Lists, creates, changes and tests the webhooks of a project, and shows their deliveries.")
public final class WebhooksCommand extends CommandGroup {

    private WebhooksCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new WebhooksCommand(context)
                .with(
                        new ListWebhooks(context),
                        new Create(context),
                        new Update(context),
                        new Remove(context),
                        new Test(context),
                        new Rotate(context),
                        new Deliveries(context),
                        new Redeliver(context));
    }

    /** Implements {@code keysweep webhooks list}. */
    @Command(name = "list", description = "Lists the webhooks of the project.")
    static final class ListWebhooks extends ServiceCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListWebhooks(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            output.writeList(context(), new WebhookCalls(client).list(), WebhookTable.WEBHOOKS);
        }
    }

    /** Implements {@code keysweep webhooks create}. */
    @Command(
            name = "create",
            description = {
                "Creates a webhook, which sends notices to a URL, signed as the Standard Webhooks specification says.",
                "Shows the secret that signs them, once."
            })
    static final class Create extends ServiceCommand {

        @Parameters(paramLabel = "URL", description = "URL that notices are sent to, http(s)://HOST[:PORT][/PATH]")
        private String url = "";

        @Option(
                names = "--event",
                paramLabel = "EVENT",
                split = ",",
                description = "event to send: scan.finished, scan.failed, scan.held, threshold.passed or cliff.ahead."
                        + " Separate several with commas. Default: all")
        private @Nullable List<String> events;

        @Option(
                names = "--held-minutes",
                paramLabel = "N",
                description = "send scan.held when a scan has been on hold for this many minutes. Default: 60")
        private @Nullable Integer heldMinutes;

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Create(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            WebhookDocument document = new WebhookDocument(url, events, heldMinutes, /* enabled= */ null);
            output.writeOne(
                    context(),
                    new WebhookCalls(client).create(document),
                    WebhookTable.WITH_SECRET,
                    WebhookLines::lines);
        }
    }

    /** Implements {@code keysweep webhooks update}. */
    @Command(name = "update", description = "Changes a webhook. Settings that you do not give stay as they are.")
    static final class Update extends ServiceCommand {

        @Mixin
        private WebhookArgument webhook = new WebhookArgument();

        @Option(names = "--url", paramLabel = "URL", description = "URL that notices are sent to")
        private @Nullable String url;

        @Option(
                names = "--event",
                paramLabel = "EVENT",
                split = ",",
                description = "events to send, instead of the present ones. Separate several with commas")
        private @Nullable List<String> events;

        @Option(
                names = "--held-minutes",
                paramLabel = "N",
                description = "send scan.held when a scan has been on hold for this many minutes")
        private @Nullable Integer heldMinutes;

        @Option(
                names = "--enabled",
                arity = "1",
                paramLabel = "true|false",
                description = "whether notices are sent at all")
        private @Nullable Boolean enabled;

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Update(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            WebhookCalls calls = new WebhookCalls(client);
            // The request replaces all settings, so settings that the user does not give are copied from the current
            // ones. The version makes the service refuse the change if another user has changed the settings since they
            // were read.
            String id = webhook.id(client);
            WebhookView current = calls.get(id);
            WebhookDocument document = new WebhookDocument(
                    url == null ? current.url() : url,
                    events == null ? current.events() : events,
                    heldMinutes == null ? current.heldMinutes() : heldMinutes,
                    enabled == null ? current.enabled() : enabled);
            output.writeOne(
                    context(),
                    calls.update(id, document, current.version()),
                    WebhookTable.WEBHOOKS,
                    WebhookLines::lines);
        }
    }

    /** Implements {@code keysweep webhooks remove}. */
    @Command(
            name = "remove",
            aliases = "delete",
            description = {
                "Removes a webhook and the record of its deliveries, after asking you.",
                "If there is no terminal, --yes is required."
            })
    static final class Remove extends ServiceCommand {

        @Mixin
        private WebhookArgument webhook = new WebhookArgument();

        @Mixin
        private YesOption yes = new YesOption();

        private Remove(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = webhook.id(client);
            yes.confirm(context(), "Remove webhook '" + webhook.typed() + "' and the record of its deliveries?");
            new WebhookCalls(client).delete(id);
        }
    }

    /** Implements {@code keysweep webhooks test}. */
    @Command(
            name = "test",
            description = "Sends one ping and shows the result. Exits with 1 if the receiver did not accept it.")
    static final class Test extends ServiceCommand {

        @Mixin
        private WebhookArgument webhook = new WebhookArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Test(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            DeliveryView delivery = new WebhookCalls(client).test(webhook.id(client));
            output.writeOne(context(), delivery, WebhookTable.DELIVERIES, row -> List.of(WebhookLines.line(row)));
            exitWith(delivery.error() == null ? ExitCode.DONE : ExitCode.FAILED);
        }
    }

    /** Implements {@code keysweep webhooks rotate}. */
    @Command(
            name = "rotate",
            description = "Gives a webhook a new secret and shows it once. For 24 hours, notices are signed with both"
                    + " secrets.")
    static final class Rotate extends ServiceCommand {

        @Mixin
        private WebhookArgument webhook = new WebhookArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Rotate(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = webhook.id(client);
            output.writeOne(
                    context(),
                    new WebhookCalls(client).rotateSecret(id),
                    WebhookTable.WITH_SECRET,
                    WebhookLines::lines);
        }
    }

    /** Implements {@code keysweep webhooks deliveries}. */
    @Command(name = "deliveries", description = "Lists the deliveries of a webhook, newest first.")
    static final class Deliveries extends ServiceCommand {

        @Mixin
        private WebhookArgument webhook = new WebhookArgument();

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "only deliveries in this state: pending, delivered or dead")
        private @Nullable String state;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "maximum number of deliveries, up to 1000. Default: 100")
        private int limit = 100;

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Deliveries(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = webhook.id(client);
            GivenFilters filters = new GivenFilters().with("--state", state);
            output.writeList(
                    context(),
                    new WebhookCalls(client).deliveries(id, state, limit),
                    filters.in(WebhookTable.DELIVERIES, "delivery"));
        }
    }

    /** Implements {@code keysweep webhooks redeliver}. */
    @Command(name = "redeliver", description = "Delivers a notice again, under the same id.")
    static final class Redeliver extends ServiceCommand {

        @Mixin
        private WebhookArgument webhook = new WebhookArgument();

        @Parameters(
                index = "1",
                paramLabel = "DELIVERY",
                description = "id of the delivery, see 'keysweep webhooks deliveries'")
        private String deliveryId = "";

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Redeliver(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = webhook.id(client);
            output.writeOne(
                    context(),
                    new WebhookCalls(client).redeliver(id, deliveryId),
                    WebhookTable.DELIVERIES,
                    delivery -> List.of(WebhookLines.line(delivery)));
        }
    }
}
