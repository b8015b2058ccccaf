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
 * {@link InstanceLoop} runs the scans of one instance, {@link FaultInjector} injects the faults, and
 * {@link DatabaseChecks} checks the database. An object serves one run.
 */
final class ChaosRun {

    /** The time limit of an API call. It is short, since a frozen process never answers. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);

    /** The roles of each process of the service: it serves the API and runs sweeps. */
    private static final String ALL_ROLES = "api,worker";

    // The names of counts in the result that the run compares with one another.
    private static final String SCANS_CREATED = "scans created";
    private static final String SCANS_IN_DATABASE = "scans in the database";
    private static final String SCANS_WITH_ONE_END = "scans with one terminal state";
    private static final String KEYS_PLANTED = "expired keys planted";
    private static final String RECLAIMED_BY_API = "reclaimed, by the API";
    private static final String RECLAIMED_BY_DATABASE = "reclaimed, by the database";

    private final ChaosSpec spec;
    private final @Nullable Path logs;
    private final Findings findings = new Findings();
    private final CallLog calls = new CallLog();

    /**
     * Creates a run.
     *
     * @param logs the folder to which the logs of the processes are copied, or null to discard the logs
     */
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
        List<PlantedInstance> instances = new ArrayList<>();
        try (Service service = Service.start(spec.command(), settings(), ALL_ROLES, CALL_TIMEOUT);
                ScanEndWatcher watcher = ScanEndWatcher.start(service.url())) {
            for (int i = 1; i < spec.processes(); i++) {
                service.add(ALL_ROLES);
            }
            service.awaitUp();
            DatabaseChecks database = new DatabaseChecks(service.url());
            database.installTriggers();
            FailoverClient caller = new FailoverClient(service, calls);
            for (int i = 0; i < spec.instances(); i++) {
                instances.add(PlantedInstance.start(spec.version(), i, ChaosSpec.LIVING_KEYS, caller));
            }

            FaultInjector injector = new FaultInjector(
                    service, service.members(), spec.faults(), caller, spec.seed(), spec.gap(), findings);
            long start = System.nanoTime();
            List<InstanceLoop> loops = runLoops(instances, caller, watcher, injector);
            double seconds = (System.nanoTime() - start) / 1e9;

            database.checkAll(findings, /* exact= */ true);
            Map<String, Long> counts = collectCounts(loops, database);
            checkCounts(counts, database);
            if (logs != null) {
                service.copyLogs(logs);
            }
            return new ChaosResult(
                    commandLine,
                    ResultFile.now(),
                    Machine.here(),
                    spec.seed(),
                    ResultFile.rounded(seconds),
                    injector.injected(),
                    counts,
                    calls.calls(),
                    service.errors(),
                    findings.all());
        } finally {
            instances.forEach(PlantedInstance::close);
        }
    }

    /** Returns the settings of all processes of the service, as environment variables. */
    private Map<String, String> settings() {
        return Map.of(
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                Integer.toString(ChaosSpec.HEARTBEAT_SECONDS),
                "KEYSWEEP_BUDGET_SWEEPS",
                Integer.toString(spec.budget()),
                // The service keeps all scans, so that the final checks see them.
                "KEYSWEEP_RETENTION_SCANS_PER_INSTANCE",
                "1000000");
    }

    /**
     * Runs the loops of all instances until all scans are created or the time is over. Faults continue until the loops
     * have ended.
     */
    private List<InstanceLoop> runLoops(
            List<PlantedInstance> instances, FailoverClient caller, ScanEndWatcher watcher, FaultInjector injector)
            throws InterruptedException {
        // Each loop ends with one more scan, for which it does not ask, so one scan per instance is subtracted.
        AtomicInteger scansLeft = new AtomicInteger(spec.scans() - instances.size());
        long end = System.nanoTime() + spec.limit().toNanos();
        List<InstanceLoop> loops = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> faults = threads.submit(injector::run);
            List<Future<?>> ends = new ArrayList<>();
            for (PlantedInstance planted : instances) {
                InstanceLoop loop = new InstanceLoop(planted, loops.size(), spec.seed(), caller, watcher, findings);
                loops.add(loop);
                ends.add(threads.submit(() -> {
                    loop.run(() -> mayCreateScan(scansLeft, end));
                    return null;
                }));
            }
            for (Future<?> loopEnd : ends) {
                awaitEnd(loopEnd);
            }
            injector.end();
            awaitEnd(faults);
        }
        return loops;
    }

    /** Takes one of the scans that are left, and returns whether there was one and the time is not over. */
    private static boolean mayCreateScan(AtomicInteger scansLeft, long end) {
        int remainingScans = scansLeft.decrementAndGet();
        if (remainingScans >= 0 && remainingScans % 500 == 0) {
            System.err.println("chaos: " + remainingScans + " scans to go");
        }
        return remainingScans >= 0 && System.nanoTime() < end;
    }

    /** Waits for the end of a loop or of the faults; an exception becomes a finding, so that the run continues. */
    private void awaitEnd(Future<?> end) throws InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            findings.add("the run itself failed: " + e.getCause());
        }
    }

    /** Returns the counts of the run itself, of the API and of the database. */
    private static Map<String, Long> collectCounts(List<InstanceLoop> loops, DatabaseChecks database) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put(SCANS_CREATED, loops.stream().mapToLong(InstanceLoop::scans).sum());
        counts.put(SCANS_IN_DATABASE, database.number("select count(*) from scan"));
        counts.put(SCANS_WITH_ONE_END, database.scansWithOneEnd());
        counts.put("of these success", database.number("select count(*) from scan where state = 'success'"));
        counts.put(
                "of these cancelled",
                database.number("select count(*) from scan where state = 'failed' and cancelled_at is not null"));
        counts.put(
                "scans paused",
                database.number("select count(distinct scan_id) from sweep_hold"
                        + " where reason like 'paused by%' or reason like '%held by%'"));
        counts.put(
                "sweeps that waited for a permit",
                database.number("select count(*) from sweep_hold where reason like 'waits for its budget%'"));
        counts.put("sweeps taken up again", database.number("select count(*) from sweep where attempt > 1"));
        counts.put("attempts at most", database.number("select max(attempt) from sweep"));
        counts.put(KEYS_PLANTED, loops.stream().mapToLong(InstanceLoop::planted).sum());
        counts.put(
                RECLAIMED_BY_API,
                loops.stream().mapToLong(InstanceLoop::reclaimed).sum());
        counts.put(RECLAIMED_BY_DATABASE, database.number("select sum(reclaimed) from sweep"));
        return counts;
    }

    /** Adds a finding if a scan lacks its idempotency key, or if counts from different sources do not agree. */
    private void checkCounts(Map<String, Long> counts, DatabaseChecks database) {
        long keyless = database.number(
                "select count(*) from scan where not exists (select 1 from idempotency_key where made = scan.id)");
        findings.check(keyless == 0, keyless + " scans have no idempotency key");
        long createdScans = counts.getOrDefault(SCANS_CREATED, 0L);
        findings.check(
                createdScans >= spec.scans(),
                "only " + createdScans + " of " + spec.scans() + " scans were created in time");
        for (String countName : List.of(SCANS_IN_DATABASE, SCANS_WITH_ONE_END)) {
            findings.check(
                    createdScans == counts.getOrDefault(countName, 0L),
                    countName + ": must be " + createdScans + ", as many as were created: " + counts);
        }
        long plantedKeys = counts.getOrDefault(KEYS_PLANTED, 0L);
        for (String countName : List.of(RECLAIMED_BY_API, RECLAIMED_BY_DATABASE)) {
            findings.check(
                    plantedKeys == counts.getOrDefault(countName, 0L),
                    countName + ": must be " + plantedKeys + ", as many as were planted: " + counts);
        }
    }
}
