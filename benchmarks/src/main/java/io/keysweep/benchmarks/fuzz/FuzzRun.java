package io.keysweep.benchmarks.fuzz;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import tools.jackson.databind.JsonNode;

/**
 * Sends the requests of a {@link RequestGenerator} to a service from several clients, and checks the answers, the log
 * and the heap. After every {@value #BATCH} requests, valid calls must still succeed.
 */
final class FuzzRun {

    /** The number of requests after which the log and some valid calls are checked. */
    private static final int BATCH = 1_000;

    /** The number of threads that send requests at the same time. */
    private static final int CLIENTS = 4;

    /** The number of findings after which the run ends early. */
    private static final int MAX_FINDINGS = 20;

    /** The time limit of an answer, far longer than any request takes, so that a busy machine causes no finding. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * The heap that caches and buffers may use in addition after the first batch, MiB. A leak of 1 KiB per request
     * exceeds it in a full run.
     */
    private static final double MAX_HEAP_GROWTH_MB = 48;

    private final FuzzSpec spec;
    private final LongConsumer progress;
    private final List<FuzzFinding> findings = new ArrayList<>();
    private final Map<String, Long> answers = new ConcurrentSkipListMap<>();

    /**
     * Creates a run.
     *
     * @param progress receives the number of requests that were sent, after each batch
     */
    FuzzRun(FuzzSpec spec, LongConsumer progress) {
        this.spec = spec;
        this.progress = progress;
    }

    /**
     * Starts the service, sends all requests, and stops the service. The run ends early after {@value #MAX_FINDINGS}
     * findings.
     */
    FuzzResult run() throws IOException, InterruptedException, ExecutionException, SQLException {
        try (FuzzTarget target = FuzzTarget.start(spec.command());
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            JsonNode document = target.openApi();
            List<FuzzedOperation> operations = target.operations(document, spec.dcsTable());
            RequestGenerator generator = new RequestGenerator(spec.seed(), operations, new SchemaSampler(document));
            AnswerRules rules = new AnswerRules(target.secrets());
            LogRules log = new LogRules(target.log(), target.startLogBytes(), rules);
            RawExchange exchange = new RawExchange(target.address(), LIMIT);

            double heapBefore = 0;
            long end = spec.first() + spec.requests();
            long batchStart = spec.first();
            while (batchStart < end && findings.size() < MAX_FINDINGS) {
                // All clients together send one batch.
                long batchEnd = Math.min(end, batchStart + BATCH);
                TargetValues values = target.refresh();
                List<Callable<List<FuzzFinding>>> tasks = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    long firstNumber = batchStart + client;
                    tasks.add(() ->
                            send(firstNumber, batchEnd, number -> generator.request(number, values), exchange, rules));
                }
                for (Future<List<FuzzFinding>> task : clients.invokeAll(tasks)) {
                    findings.addAll(task.get());
                }

                // After the batch, the log must be clean, and valid calls must still succeed.
                String numbers = " (requests " + batchStart + " to " + (batchEnd - 1) + ")";
                log.problems()
                        .forEach(problem -> findings.add(new FuzzFinding(problem + numbers, /* request= */ null)));
                List<String> unhealthy = target.health();
                unhealthy.forEach(problem -> findings.add(new FuzzFinding(problem + numbers, /* request= */ null)));
                batchStart = batchEnd;
                progress.accept(batchStart - spec.first());
                if (!unhealthy.isEmpty()) {
                    break;
                }
                if (heapBefore == 0) {
                    heapBefore = target.usedHeapMb();
                }
            }
            return new FuzzResult(
                    spec.seed(),
                    operations.size(),
                    batchStart - spec.first(),
                    answers,
                    checkHeap(target, heapBefore),
                    findings);
        }
    }

    /**
     * Sends the requests of one client: the first has the number {@code from}, and each next number is higher by
     * {@value #CLIENTS}. Returns a finding for each broken rule.
     *
     * @param end the number before which the client ends
     */
    private List<FuzzFinding> send(
            long from, long end, LongFunction<FuzzRequest> requests, RawExchange exchange, AnswerRules rules) {
        List<FuzzFinding> clientFindings = new ArrayList<>();
        for (long number = from; number < end && clientFindings.size() < MAX_FINDINGS; number += CLIENTS) {
            FuzzRequest request = requests.apply(number);
            try {
                RawExchange.Received answer = exchange.send(request);
                if (spec.requests() == 1) {
                    System.out.println(request.description() + "\n" + FuzzFinding.visible(request.octets()) + "\n\n"
                            + FuzzFinding.visible(answer.octets()) + "\n");
                }
                countAnswer(answer.octets());
                rules.problems(answer).forEach(problem -> clientFindings.add(new FuzzFinding(problem, request)));
            } catch (IOException e) {
                clientFindings.add(new FuzzFinding("the service accepts no connection: " + e.getMessage(), request));
            }
        }
        return clientFindings;
    }

    private void countAnswer(String octets) {
        String kind = octets.matches("(?s)HTTP/1\\.. [1-5].*") ? octets.charAt("HTTP/1.1 ".length()) + "xx" : "none";
        answers.merge(kind, 1L, Long::sum);
    }

    /** Compares the heap with the heap after the first batch; adds a finding if it has grown too much. */
    private String checkHeap(FuzzTarget target, double before) throws IOException, InterruptedException {
        if (before == 0 || !target.alive()) {
            return "not measured";
        }
        double after = target.usedHeapMb();
        String text =
                String.format(Locale.ROOT, "%.1f MiB after the first batch, %.1f MiB after the last", before, after);
        if (after > before + MAX_HEAP_GROWTH_MB) {
            findings.add(new FuzzFinding("heap: " + text, /* request= */ null));
        }
        return text;
    }
}
