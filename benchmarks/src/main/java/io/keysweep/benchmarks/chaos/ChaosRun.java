package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.service.CallLog;
import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.ScanEndWatcher;
import io.keysweep.benchmarks.service.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs scans on several processes of the service while faults are injected, and checks that each scan ends once with a
 * correct count.
 *
 * <p>A scan is a task of the service that removes (reclaims) the expired keys of one instance, here a small server.
 * {@link InstanceLoop} runs the scans of one instance, {@link FaultInjector} injects the faults, and {@link Audit}
 * checks the database. Used for one run.
 */
final class ChaosRun {

    /** The time limit of an API call. It is short, since a frozen process never answers. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);

    private final ChaosSpec spec;
    private final @Nullable Path logs;
    private final Findings findings = new Findings();
    private final CallLog calls = new CallLog();

    /** @param logs the folder to which the logs of the processes are copied, or null to discard the logs */
    ChaosRun(ChaosSpec spec, @Nullable Path logs) {
        this.spec = spec;
        this.logs = logs;
    }

    /**
     * Starts the service and the servers, runs all scans, and stops everything. Prints progress to standard error.
     *
     * @param commandLine the command that repeats the run, for the result
     * @return the result, with one finding for each failed check
     */
    ChaosResult run(String commandLine) throws Exception {
        // The last setting keeps all scans, so that the final checks see them.
        Map<String, String> settings = Map.of(
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS", Integer.toString(ChaosSpec.HEARTBEAT_SECONDS),
                "KEYSWEEP_BUDGET_SWEEPS", Integer.toString(spec.budget()),
                "KEYSWEEP_RETENTION_SCANS_PER_INSTANCE", "1000000");
        List<PlantedInstance> instances = new ArrayList<>();
        try (Service service = Service.start(spec.command(), settings, "api,worker", CALL_TIMEOUT);
                ScanEndWatcher watcher = ScanEndWatcher.start(service.url())) {
            for (int i = 1; i < spec.processes(); i++) {
                service.add("api,worker");
            }
            service.awaitUp();
            Audit audit = new Audit(service.url());
            audit.begin();
            FailoverClient caller = new FailoverClient(service, calls);
            for (int i = 0; i < spec.instances(); i++) {
                instances.add(PlantedInstance.start(spec.version(), i, ChaosSpec.LIVING_KEYS, caller));
            }
            FaultInjector injector = new FaultInjector(
                    service, service.members(), spec.faults(), caller, spec.seed(), spec.gap(), findings);
            long start = System.nanoTime();
            List<InstanceLoop> loops = scan(instances, caller, watcher, injector);
            double seconds = (System.nanoTime() - start) / 1e9;
            audit.end(findings, /* exact= */ true);
            Map<String, Long> found = found(loops, audit);
            if (logs != null) {
                service.copyLogs(logs);
            }
            return new ChaosResult(
                    commandLine,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    Machine.here(),
                    spec.seed(),
                    ResultFile.rounded(seconds),
                    injector.injected(),
                    found,
                    calls.calls(),
                    service.errors(),
                    findings.all());
        } finally {
            instances.forEach(PlantedInstance::close);
        }
    }

    /**
     * Runs the loops of all instances until all scans are created or the time is over. Faults continue until the loops
     * have ended.
     */
    private List<InstanceLoop> scan(
            List<PlantedInstance> instances, FailoverClient caller, ScanEndWatcher watcher, FaultInjector injector)
            throws InterruptedException {
        // Each loop runs one more scan at its end, without asking for it, so these are subtracted.
        AtomicInteger scansLeft = new AtomicInteger(spec.scans() - instances.size());
        long start = System.nanoTime();
        List<InstanceLoop> loops = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> faults = threads.submit(injector::run);
            List<Future<?>> ends = new ArrayList<>();
            for (PlantedInstance planted : instances) {
                InstanceLoop loop = new InstanceLoop(planted, loops.size(), spec.seed(), caller, watcher, findings);
                loops.add(loop);
                ends.add(threads.submit(() -> {
                    loop.run(() -> {
                        int left = scansLeft.decrementAndGet();
                        if (left >= 0 && left % 500 == 0) {
                            System.err.println("chaos: " + left + " scans to go");
                        }
                        return left >= 0
                                && System.nanoTime() - start < spec.limit().toNanos();
                    });
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                awaitEnd(end);
            }
            injector.end();
            awaitEnd(faults);
        }
        return loops;
    }

    /** Waits for the end of a loop or of the faults; an exception becomes a finding, so that the run goes on. */
    private void awaitEnd(Future<?> end) throws InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            findings.add("the run itself failed: " + e.getCause());
        }
    }

    /** Counts what the run has done, and checks that counts from different sources agree. */
    private Map<String, Long> found(List<InstanceLoop> loops, Audit audit) {
        Map<String, Long> found = new LinkedHashMap<>();
        long scans = loops.stream().mapToLong(InstanceLoop::scans).sum();
        long planted = loops.stream().mapToLong(InstanceLoop::planted).sum();
        found.put("scans created", scans);
        found.put("scans in the database", audit.number("select count(*) from scan"));
        found.put(
                "scans with one terminal state",
                audit.number(
                        "select count(*) from (select scan_id from chaos_change"
                                + " group by scan_id having count(*) filter (where after in ('success', 'failed')) = 1) as ended"));
        found.put("of these success", audit.number("select count(*) from scan where state = 'success'"));
        found.put(
                "of these cancelled",
                audit.number("select count(*) from scan where state = 'failed' and cancelled_at is not null"));
        found.put(
                "scans paused",
                audit.number("select count(distinct scan_id) from sweep_hold"
                        + " where reason like 'paused by%' or reason like '%held by%'"));
        found.put(
                "sweeps that waited for a permit",
                audit.number("select count(*) from sweep_hold where reason like 'waits for its budget%'"));
        found.put("sweeps taken up again", audit.number("select count(*) from sweep where attempt > 1"));
        found.put("attempts at most", audit.number("select max(attempt) from sweep"));
        found.put("expired keys planted", planted);
        found.put(
                "reclaimed, by the API",
                loops.stream().mapToLong(InstanceLoop::reclaimed).sum());
        found.put("reclaimed, by the database", audit.number("select sum(reclaimed) from sweep"));
        // The checks.
        long keyless = audit.number(
                "select count(*) from scan where not exists" + " (select 1 from idempotency_key where made = scan.id)");
        findings.check(keyless == 0, keyless + " scans have no idempotency key");
        findings.check(scans >= spec.scans(), "only " + scans + " of " + spec.scans() + " scans were created in time");
        for (String other : List.of("scans in the database", "scans with one terminal state")) {
            findings.check(
                    scans == found.getOrDefault(other, 0L),
                    other + ": must be " + scans + ", as many as were created: " + found);
        }
        for (String other : List.of("reclaimed, by the API", "reclaimed, by the database")) {
            findings.check(
                    planted == found.getOrDefault(other, 0L),
                    other + ": must be " + planted + ", as many as were planted: " + found);
        }
        return found;
    }
}
