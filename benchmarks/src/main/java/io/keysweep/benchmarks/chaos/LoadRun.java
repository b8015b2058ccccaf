package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.service.CallLog;
import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.Service;
import io.keysweep.benchmarks.service.ServiceMember;
import io.keysweep.testkit.Await;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls of all kinds, while workers and one of two processes that answer are killed: nothing may be answered with an error
 * of the service's own, and every create must have come to something.
 *
 * @param command what starts a process
 * @param time how long to call
 * @param callers how many call at the same time
 * @param gap the time between two faults, on average
 * @param logs where to keep what the processes have logged, or null
 */
record LoadRun(
        List<String> command,
        long seed,
        Duration time,
        int callers,
        int instances,
        Duration gap,
        @Nullable Path logs) {

    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofMinutes(3);
    private static final int LIVING = 200;
    private static final int DEAD = 50;
    private static final int MOST_PAUSE_MILLIS = 150;

    ChaosResult run(String commandLine) throws Exception {
        Findings findings = new Findings();
        CallLog calls = new CallLog();
        List<PlantedInstance> planted = new ArrayList<>();
        try (Service service = Service.start(command, Map.of("KEYSWEEP_WORKER_HEARTBEAT_SECONDS", "1"), "api", CALL)) {
            for (String roles : List.of("api", "worker", "worker")) {
                service.add(roles);
            }
            service.awaitUp();
            Audit audit = new Audit(service.url());
            audit.begin();
            FailoverClient caller = new FailoverClient(service, calls);
            for (int i = 0; i < instances; i++) {
                planted.add(PlantedInstance.start(RedisVersion.REDIS_7_0, i, LIVING, caller));
                planted.getLast().plant(DEAD);
            }
            Ledger ledger = new Ledger();
            RequestMix mix = new RequestMix(
                    service,
                    caller,
                    planted.stream().map(PlantedInstance::instanceId).toList(),
                    ledger);
            List<ServiceMember> killed =
                    service.members().subList(1, service.members().size());
            List<Fault> deck = List.of(Fault.KILL, Fault.KILL, Fault.KILL, Fault.TERMINATE);
            FaultInjector disturber = new FaultInjector(service, killed, deck, caller, seed, gap, findings);
            long start = System.nanoTime();
            load(mix, disturber, findings);
            double seconds = (System.nanoTime() - start) / 1e9;
            settle(caller, audit);
            audit.end(findings, /* exact= */ false);
            Map<String, Long> found = found(mix, ledger, audit, calls, findings);
            if (logs != null) {
                service.keepLogs(logs);
            }
            return new ChaosResult(
                    commandLine,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    Machine.here(),
                    seed,
                    ResultFile.rounded(seconds),
                    disturber.done(),
                    found,
                    calls.calls(),
                    service.errors(),
                    findings.all());
        } finally {
            planted.forEach(PlantedInstance::close);
        }
    }

    private void load(RequestMix mix, FaultInjector disturber, Findings findings) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>(List.of(threads.submit(disturber::run)));
            for (int i = 0; i < callers; i++) {
                Random random = new Random(seed * 1_000_003 + i);
                all.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        mix.call(random);
                        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(MOST_PAUSE_MILLIS))
                                .toNanos());
                    }
                    disturber.end();
                    return null;
                }));
            }
            for (Future<?> each : all) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    findings.add("the load itself failed: " + e.getCause());
                }
            }
        }
    }

    /** Resumes what callers have left paused, until all scans have ended. */
    private static void settle(FailoverClient caller, Audit audit) {
        Await.until("all scans have ended", END, () -> {
            List<String> active = audit.rows("select id from scan where finished_at is null");
            for (String id : active) {
                try {
                    caller.call("scan: resume", "POST", "/api/v1/scans/" + id + "/resume", "{}", Map.of());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return active.isEmpty();
        });
    }

    private static Map<String, Long> found(RequestMix mix, Ledger ledger, Audit audit, CallLog calls, Findings findings)
            throws InterruptedException {
        Set<String> kept = new HashSet<>(audit.rows("select id from scan"));
        long lost = 0;
        for (Map.Entry<String, String> create : ledger.byKey().entrySet()) {
            if (!kept.contains(create.getValue())
                    || !mix.repeat(create.getKey()).equals(create.getValue())) {
                lost++;
            }
        }
        lost += ledger.withoutKey().stream().filter(id -> !kept.contains(id)).count();
        long created = (long) ledger.byKey().size() + ledger.withoutKey().size();
        long after = audit.number("select count(*) from scan");
        Map<String, Long> found = new LinkedHashMap<>();
        found.put(
                "calls", calls.calls().stream().mapToLong(CallLog.Calls::calls).sum());
        found.put("answered 5xx", calls.answered(5));
        found.put("not answered, and sent to another process", calls.unanswered());
        found.put("creates answered", created);
        found.put("of these lost", lost);
        found.put("scans by repeating all creates with a key", after - kept.size());
        found.put("scans in the database", after);
        found.put(
                "scans with one terminal state",
                audit.number("select count(*) from (select scan_id from"
                        + " chaos_change group by scan_id having count(*) filter (where after in ('success', 'failed')) = 1)"
                        + " as ended"));
        found.put("sweeps taken up again", audit.number("select count(*) from sweep where attempt > 1"));
        for (String none : List.of("answered 5xx", "of these lost", "scans by repeating all creates with a key")) {
            findings.check(found.getOrDefault(none, 0L) == 0, none + ": " + found.get(none));
        }
        return found;
    }
}
