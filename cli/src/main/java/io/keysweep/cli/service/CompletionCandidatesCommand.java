package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyView;
import io.keysweep.api.AccessPolicyView;
import io.keysweep.api.ApprovalView;
import io.keysweep.api.DeliveryView;
import io.keysweep.api.InstanceView;
import io.keysweep.api.ScanView;
import io.keysweep.api.UserView;
import io.keysweep.api.WebhookView;
import io.keysweep.cli.control.SweepsCommand;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep candidates}, which prints the names and ids with which a shell can complete a command
 * line.
 *
 * <p>Its output is one candidate on each line. It prints nothing, and ends with success, if the candidates cannot be
 * found, for example because the service does not answer within two seconds. A message would appear in the middle of
 * the user's command line. Names with characters that are special in shells are left out; their ids can be completed.
 */
@Command(name = "candidates", hidden = true, description = "Prints names and ids for the completion of shells.")
public final class CompletionCandidatesCommand implements Callable<Integer> {

    /** Characters that no shell treats specially. */
    private static final String SAFE = "[\\p{L}\\p{N}_@%+,./:-]+";

    /** Number of scans whose ids are candidates, the newest ones: more than a user would complete. */
    private static final int MAX_SCANS = 50;

    /** Number of deliveries whose ids are candidates, the newest ones. */
    private static final int MAX_DELIVERIES = 20;

    @Parameters(
            index = "0",
            description = "INSTANCE, SCAN, PROJECT, WEBHOOK, DELIVERY, USER_NAME, POLICY, KEY_ID, APPROVAL, SWEEP or"
                    + " CONTEXT")
    private String kind = "";

    @Parameters(index = "1", arity = "0..1", description = "beginning of the word that is completed")
    private String beginning = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            description = "first argument of the command line that is completed: the webhook of a DELIVERY")
    private String firstArgument = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final CommandContext context;

    /** Creates the command. */
    public CompletionCandidatesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            candidates()
                    .filter(candidate -> candidate.startsWith(beginning) && candidate.matches(SAFE))
                    .forEach(context.out()::println);
        } catch (RuntimeException e) {
            // A message would appear in the middle of the user's command line.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.DONE.number();
    }

    /**
     * Returns the candidates of the kind. Contexts come from the user's files, and sweeps from the processes of this
     * machine, everything else from the service.
     */
    private Stream<String> candidates() throws InterruptedException {
        if (kind.equals("CONTEXT")) {
            return ContextTable.entries(context).stream().map(ContextTable.ContextRow::name);
        }
        if (kind.equals("SWEEP")) {
            return SweepsCommand.pids(context).stream();
        }
        ServiceAccess access = service.resolve(context);
        try (ServiceClient client = ServiceClient.withShortTimeouts(access, context.clock())) {
            return candidatesFromService(client, access.projectId()).stream();
        }
    }

    /**
     * Returns the names and ids of the kind; none for a kind that is not known. Ids are returned only if the user has
     * begun a word, because a list of ids helps no user to choose. The name of a webhook is its URL, if no other one
     * has it. Deliveries, access keys and requests for approval have no name, so their ids are always returned.
     *
     * @param projectId id of the project whose users, access keys and access policies are candidates
     */
    private List<String> candidatesFromService(ServiceClient client, String projectId) throws InterruptedException {
        return switch (kind) {
            case "INSTANCE" ->
                new InstanceCalls(client)
                        .list().stream()
                                .flatMap(instance -> nameOrId(instance.name(), instance.id()))
                                .toList();
            case "PROJECT" ->
                new ProjectCalls(client)
                        .list().stream()
                                .flatMap(project -> nameOrId(project.name(), project.id()))
                                .toList();
            case "WEBHOOK" -> webhooks(client);
            case "DELIVERY" -> deliveries(client);
            case "USER_NAME" ->
                Stream.of(client.get(UsersCommand.path(projectId), UserView[].class))
                        .map(UserView::name)
                        .toList();
            case "POLICY" ->
                Stream.of(client.get(AccessPoliciesCommand.path(projectId), AccessPolicyView[].class))
                        .map(AccessPolicyView::name)
                        .toList();
            case "KEY_ID" ->
                new ProjectCalls(client)
                        .keys(projectId).stream().map(AccessKeyView::accessKey).toList();
            case "APPROVAL" ->
                new ScanCalls(client)
                        .approvals().stream()
                                .filter(approval -> approval.state().equals("pending"))
                                .map(ApprovalView::id)
                                .toList();
            case "SCAN" ->
                Stream.concat(
                                new InstanceCalls(client).list().stream().map(InstanceView::name),
                                new ScanCalls(client)
                                        .page(Map.of("limit", String.valueOf(MAX_SCANS))).scans().stream()
                                                .map(ScanView::id)
                                                .filter(id -> !beginning.isEmpty()))
                        .toList();
            default -> List.of();
        };
    }

    /** Returns the URLs and ids of the webhooks; if several webhooks have the same URL, only their ids. */
    private List<String> webhooks(ServiceClient client) throws InterruptedException {
        List<WebhookView> webhooks = new WebhookCalls(client).list();
        List<String> urls = webhooks.stream().map(WebhookView::url).toList();
        return webhooks.stream()
                .flatMap(webhook -> Collections.frequency(urls, webhook.url()) == 1
                        ? nameOrId(webhook.url(), webhook.id())
                        : Stream.of(webhook.id()))
                .toList();
    }

    /** Returns the ids of the newest deliveries of the webhook that the command line names. */
    private List<String> deliveries(ServiceClient client) throws InterruptedException {
        String webhookId = new IdResolver(client).webhookId(firstArgument);
        return new WebhookCalls(client)
                .deliveries(webhookId, /* state= */ null, MAX_DELIVERIES).stream()
                        .map(DeliveryView::id)
                        .toList();
    }

    /** Returns the name, or the id if the name cannot be completed; both if the user has begun a word. */
    private Stream<String> nameOrId(String name, String id) {
        return beginning.isEmpty() ? Stream.of(name.matches(SAFE) ? name : id) : Stream.of(name, id);
    }
}
