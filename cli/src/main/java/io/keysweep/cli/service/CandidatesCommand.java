package io.keysweep.cli.service;

import io.keysweep.api.InstanceView;
import io.keysweep.api.ScanView;
import io.keysweep.api.WebhookView;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep candidates}, by which the completion of shells finds the names and ids that can follow.
 *
 * <p>Its output is one candidate a line. It prints nothing if the service does not answer within two seconds, because a
 * message would appear in the middle of the user's command line. Names with characters that are special in shells are
 * left out; their ids can be completed.
 */
@Command(name = "candidates", hidden = true, description = "Prints names and ids for the completion of shells.")
public final class CandidatesCommand implements Callable<Integer> {

    private static final String SAFE = "[\\p{L}\\p{N}_@%+,./-]+";
    private static final int MAX_SCANS = 50;

    @Parameters(index = "0", description = "INSTANCE, SCAN, PROJECT, WEBHOOK or CONTEXT")
    private String kind = "";

    @Parameters(index = "1", arity = "0..1", description = "beginning of the word that is completed")
    private String beginning = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final CommandContext context;

    /** Creates the command. */
    public CandidatesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            candidates()
                    .filter(candidate -> candidate.startsWith(beginning) && candidate.matches(SAFE))
                    .forEach(context.out()::println);
        } catch (RuntimeException e) {
            // The user sees no candidates.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.DONE.number();
    }

    private Stream<String> candidates() throws InterruptedException {
        if (kind.equals("CONTEXT")) {
            return ContextTable.entries(context).stream().map(ContextTable.Entry::name);
        }
        try (ServiceClient client = ServiceClient.impatient(service.resolve(context), context.clock())) {
            return names(client).stream();
        }
    }

    /** Returns the names. Ids are returned only if the user has begun one, because nobody chooses among ids. */
    private List<String> names(ServiceClient client) throws InterruptedException {
        return switch (kind) {
            case "INSTANCE" ->
                new InstanceCalls(client)
                        .list().stream()
                                .flatMap(instance -> either(instance.name(), instance.id()))
                                .toList();
            case "PROJECT" ->
                new ProjectCalls(client)
                        .list().stream()
                                .flatMap(project -> either(project.name(), project.id()))
                                .toList();
            case "WEBHOOK" ->
                new WebhookCalls(client).list().stream().map(WebhookView::id).toList();
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

    private Stream<String> either(String name, String id) {
        return beginning.isEmpty() ? Stream.of(name.matches(SAFE) ? name : id) : Stream.of(name, id);
    }
}
