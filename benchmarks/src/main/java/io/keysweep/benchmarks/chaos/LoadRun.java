package io.keysweep.benchmarks.chaos;

import static io.keysweep.testkit.Waits.await;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.service.CallLog;
import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.Service;
import io.keysweep.benchmarks.service.ServiceMember;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
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
 * Sends API calls of all kinds while two workers and one of two API processes are killed.
 *
 * <p>No call may be answered with 5xx, and each scan whose creation the service has confirmed must exist at the end.
 * {@link RequestMix} sends the calls, and {@link FaultInjector} kills the processes.
 *
 * @param command the command that starts a process
 * @param seed the seed of all random choices
 * @param time the duration of the calls
 * @param callers the number of callers at the same time
 * @param instances the number of servers
 * @param gap the average time between two faults
 * @param logs the folder to which the logs of the processes are copied, or null to discard the logs
 */
record LoadRun(
        List<String> command,
        long seed,
        Duration time,
        int callers,
        int instances,
        Duration gap,
        @Nullable Path logs) {

    /** The role of a process that serves the API. */
    private static final String API_ROLE = "api";

    /** The role of a process that runs sweeps. */
    private static final String WORKER_ROLE = "worker";

    private static final Map<String, String> SETTINGS = Map.of("KEYSWEEP_WORKER_HEARTBEAT_SECONDS", "1");

    /** The faults to inject: three kills for each orderly end. */
    private static final List<Fault> DECK = List.of(Fault.KILL, Fault.KILL, Fault.KILL, Fault.TERMINATE);

    // The names of counts in the result that must be zero.
    private static final String SERVER_ERRORS = "answered 5xx";
    private static final String LOST = "of these lost";
    private static final String CREATED_BY_REPETITION = "scans by repeating all creates with a key";

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** The time within which all scans must end after the last call. */
    private static final Duration SCANS_END_TIMEOUT = Duration.ofMinutes(3);

    private static final int LIVING_KEYS = 200;
    private static final int DEAD_KEYS = 50;

    /** The longest pause of a caller between two calls. */
    private static final int MAX_PAUSE_MILLIS = 150;

    /**
     * Starts the service and the servers, sends the calls, and stops everything.
     *
     * @param commandLine the command that repeats the run, for the result
     * @return the result, with one finding for each failed check
     */
    ChaosResult run(String commandLine) throws Exception {
        Findings findings = new Findings();
        CallLog calls = new CallLog();
        List<PlantedInstance> plantedInstances = new ArrayList<>();
        try (Service service = Service.start(command, SETTINGS, API_ROLE, CALL_TIMEOUT)) {
            for (String role : List.of(API_ROLE, WORKER_ROLE, WORKER_ROLE)) {
                service.add(role);
            }
            service.awaitUp();
            DatabaseChecks database = new DatabaseChecks(service.url());
            database.installTriggers();

            FailoverClient caller = new FailoverClient(service, calls);
            for (int i = 0; i < instances; i++) {
                plantedInstances.add(PlantedInstance.start(RedisVersion.REDIS_7_0, i, LIVING_KEYS, caller));
                plantedInstances.getLast().plant(DEAD_KEYS);
            }
            CreatedScans createdScans = new CreatedScans();
            RequestMix mix = new RequestMix(
                    service,
                    caller,
                    plantedInstances.stream().map(PlantedInstance::instanceId).toList(),
                    createdScans);
            FaultInjector injector = new FaultInjector(service, victims(service), DECK, caller, seed, gap, findings);

            long start = System.nanoTime();
            sendCalls(mix, injector, findings);
            double seconds = (System.nanoTime() - start) / 1e9;
            awaitEndOfScans(caller, database);

            // The counts need not be exact, because the calls also make estimates on primaries, which reclaim keys.
            database.checkAll(findings, /* exact= */ false);
            Map<String, Long> counts = collectCounts(mix, createdScans, database, calls);
            checkCounts(counts, findings);
            if (logs != null) {
                service.copyLogs(logs);
            }
            return new ChaosResult(
                    commandLine,
                    ResultFile.now(),
                    Machine.here(),
                    seed,
                    ResultFile.rounded(seconds),
                    injector.injected(),
                    counts,
                    calls.calls(),
                    service.errors(),
                    findings.all());
        } finally {
            plantedInstances.forEach(PlantedInstance::close);
        }
    }

    /** Returns the processes to kill: all but the first, so that one API process always answers. */
    private static List<ServiceMember> victims(Service service) {
        List<ServiceMember> members = service.members();
        return members.subList(1, members.size());
    }

    /** Sends calls from all callers until the time is over, and injects faults during this time. */
    private void sendCalls(RequestMix mix, FaultInjector injector, Findings findings) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> tasks = new ArrayList<>(List.of(threads.submit(injector::run)));
            for (int i = 0; i < callers; i++) {
                // The factor exceeds every number, so that no two seeds share random choices.
                Random random = new Random(seed * 1_000_003 + i);
                tasks.add(threads.submit(() -> {
                    try {
                        while (System.nanoTime() < end) {
                            mix.call(random);
                            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(MAX_PAUSE_MILLIS))
                                    .toNanos());
                        }
                    } finally {
                        // The injector does not end by itself, so it is also told to end after a failure.
                        injector.end();
                    }
                    return null;
                }));
            }
            for (Future<?> each : tasks) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    findings.add("a caller failed: " + e.getCause());
                }
            }
        }
    }

    /** Waits until all scans have ended. Resumes them while it waits, because a paused scan does not end. */
    private static void awaitEndOfScans(FailoverClient caller, DatabaseChecks database) {
        await("all scans have ended").atMost(SCANS_END_TIMEOUT).until(() -> {
            List<String> active = database.rows("select id from scan where finished_at is null");
            for (String id : active) {
                try {
                    caller.call("scan: resume", "POST", "/api/v1/scans/" + id + "/resume", "{}");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return active.isEmpty();
        });
    }

    /** Repeats all creating requests, and returns the counts of the run. */
    private static Map<String, Long> collectCounts(
            RequestMix mix, CreatedScans created, DatabaseChecks database, CallLog calls) throws InterruptedException {
        // The scans are read before the requests are repeated. A scan that exists only because its request was repeated
        // had been lost.
        Set<String> storedIds = new HashSet<>(database.rows("select id from scan"));
        long lostScans = repeatAndCountLost(mix, created, storedIds);
        long confirmedScans =
                (long) created.idsByKey().size() + created.idsWithoutKey().size();
        long storedAfter = database.number("select count(*) from scan");
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put(
                "calls", calls.calls().stream().mapToLong(CallLog.Calls::calls).sum());
        counts.put(SERVER_ERRORS, calls.answersOfClass(/* hundreds= */ 5));
        counts.put("not answered, and sent to another process", calls.callsWithoutAnswer());
        counts.put("creates answered", confirmedScans);
        counts.put(LOST, lostScans);
        counts.put(CREATED_BY_REPETITION, storedAfter - storedIds.size());
        counts.put("scans in the database", storedAfter);
        counts.put("scans with one terminal state", database.scansWithOneEnd());
        counts.put("sweeps taken up again", database.number("select count(*) from sweep where attempt > 1"));
        return counts;
    }

    /**
     * Repeats all requests that have created a scan with an idempotency key, and returns the number of lost scans. A
     * scan is lost if the database does not contain it, or if the repeated request answers with the id of another one.
     *
     * @param storedIds the ids of the scans in the database before the repetition
     */
    private static long repeatAndCountLost(RequestMix mix, CreatedScans created, Set<String> storedIds)
            throws InterruptedException {
        long lostScans = created.idsWithoutKey().stream()
                .filter(id -> !storedIds.contains(id))
                .count();
        for (Map.Entry<String, String> create : created.idsByKey().entrySet()) {
            String key = create.getKey();
            String id = create.getValue();
            if (!storedIds.contains(id) || !mix.repeat(key).equals(id)) {
                lostScans++;
            }
        }
        return lostScans;
    }

    /** Adds a finding for each count that must be zero and is not. */
    private static void checkCounts(Map<String, Long> counts, Findings findings) {
        for (String countName : List.of(SERVER_ERRORS, LOST, CREATED_BY_REPETITION)) {
            findings.check(counts.getOrDefault(countName, 0L) == 0, countName + ": " + counts.get(countName));
        }
    }
}
