package io.keysweep.benchmarks.capacity;

import static io.keysweep.benchmarks.result.ResultFile.rounded;
import static io.keysweep.testkit.Waits.await;

import io.keysweep.benchmarks.capacity.CapacityResult.LongSweeps;
import io.keysweep.benchmarks.capacity.CapacityResult.ShortScans;
import io.keysweep.benchmarks.capacity.DatabaseFigures.DatabaseLoad;
import io.keysweep.benchmarks.service.CallLog;
import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.ProcessFigures;
import io.keysweep.benchmarks.service.ScanEndWatcher;
import io.keysweep.benchmarks.service.Service;
import io.keysweep.benchmarks.service.ServiceMember;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.SignedServiceClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Starts a service of one API process and some workers for {@link CapacityCommand}, and measures what scans cost the
 * service.
 *
 * <p>There are two measurements: {@link #measureShortScans} runs short scans as fast as possible, and
 * {@link #measureLongSweeps} keeps a number of long sweeps running. Each call starts a new service and new servers, and
 * stops them at its end. A worker is a process that runs sweeps.
 *
 * @param command the command that starts a process of the service
 * @param instances the number of servers, each with one scan at a time
 * @param time the duration of a measurement of short scans, and twice the duration of a measurement of long sweeps.
 *     Long sweeps end after 100 s, so all their measurements, with a warm-up of 5 s each, must take less than that.
 */
record CapacityRun(List<String> command, int instances, Duration time) {

    /** The role of a process that serves the API. */
    private static final String API_ROLE = "api";

    /** The role of a process that runs sweeps. */
    private static final String WORKER_ROLE = "worker";

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SCAN_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /** The number of keys on each server that do not expire; a scan that removes such a key fails the benchmark. */
    private static final int LIVING_KEYS = 100;

    /** The number of expired keys that are planted before each short scan. */
    private static final int DEAD_KEYS = 20;

    /** The rate of a long sweep, keys per second. */
    private static final int LOW_RATE = 20;

    /**
     * The keys on the server of a long sweep. At the low rate the sweep takes 100 s, so it runs during all
     * measurements.
     */
    private static final int KEYS_OF_LONG_SWEEP = 100 * LOW_RATE;

    /**
     * Runs short scans with the given number of worker processes, and reports the cost per scan.
     *
     * @throws IllegalStateException if a scan fails or leaves an expired key
     */
    ShortScans measureShortScans(int workers) throws Exception {
        Map<String, String> defaults = Map.of();
        List<PlantedInstance> plantedInstances = new ArrayList<>();
        try (Service service = Service.start(command, defaults, API_ROLE, CALL_TIMEOUT);
                ScanEndWatcher watcher = ScanEndWatcher.start(service.url());
                DatabaseFigures figures = DatabaseFigures.of(service)) {
            List<ServiceMember> workerProcesses = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                workerProcesses.add(service.add(WORKER_ROLE));
            }
            service.awaitUp();
            FailoverClient caller = new FailoverClient(service, new CallLog());
            for (int i = 0; i < instances; i++) {
                plantedInstances.add(PlantedInstance.start(RedisVersion.REDIS_7_0, i, LIVING_KEYS, caller));
            }
            // This warm-up is not measured: the JVMs first compile the code of the service.
            runScans(plantedInstances, caller, watcher, WARM_UP);
            return measureCost(
                    service.first(), workerProcesses, figures, () -> runScans(plantedInstances, caller, watcher, time));
        } finally {
            plantedInstances.forEach(PlantedInstance::close);
        }
    }

    /**
     * Runs scans, and returns their cost.
     *
     * @param api the process that serves the API
     * @param scanning runs the scans, and returns their number
     */
    private static ShortScans measureCost(
            ServiceMember api, List<ServiceMember> workers, DatabaseFigures figures, Callable<Long> scanning)
            throws Exception {
        // The call of figures.scans() sends a statement. After begin(), it would be counted as one of the service.
        long scansBefore = figures.scans();
        long bytesBefore = figures.scanBytes();
        double workerCpuBefore = cpuSeconds(workers);
        double apiCpuBefore = cpuSeconds(List.of(api));
        figures.begin();
        long scans = scanning.call();
        DatabaseLoad load = figures.since();
        // The table may have fewer new rows than there were scans, because old scans are removed.
        long storedScans = figures.scans() - scansBefore;
        return new ShortScans(
                workers.size(),
                scans,
                rounded(scans / load.seconds()),
                rounded((double) load.statements() / scans),
                rounded(load.cpuSeconds() * 1e3 / scans),
                rounded((cpuSeconds(workers) - workerCpuBefore) * 1e3 / scans),
                rounded((cpuSeconds(List.of(api)) - apiCpuBefore) * 1e3 / scans),
                rounded((double) load.walBytes() / scans),
                rounded((double) (figures.scanBytes() - bytesBefore) / storedScans),
                load.connections());
    }

    /**
     * Measures one worker process under each number of long sweeps at the same time.
     *
     * @param numbers the numbers of sweeps, ascending, because sweeps are only added
     * @return one entry for each number, in the same order
     */
    List<LongSweeps> measureLongSweeps(List<Integer> numbers) throws Exception {
        List<PlantedInstance> plantedInstances = new ArrayList<>();
        List<LongSweeps> results = new ArrayList<>();
        int maxSweeps = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
        // The worker must have a thread for each sweep, or some would wait.
        Map<String, String> settings = Map.of("KEYSWEEP_WORKER_THREADS", Integer.toString(Math.max(1, maxSweeps)));
        try (Service service = Service.start(command, settings, API_ROLE, CALL_TIMEOUT);
                DatabaseFigures figures = DatabaseFigures.of(service)) {
            ServiceMember worker = service.add(WORKER_ROLE);
            service.awaitUp();
            FailoverClient caller = new FailoverClient(service, new CallLog());
            for (int i = 0; i < maxSweeps; i++) {
                plantedInstances.add(PlantedInstance.start(RedisVersion.REDIS_7_0, i, KEYS_OF_LONG_SWEEP, caller));
            }

            int startedSweeps = 0;
            for (int sweeps : numbers) {
                while (startedSweeps < sweeps) {
                    createScan(plantedInstances.get(startedSweeps++), caller, ",\"rateCeiling\":" + LOW_RATE);
                }
                await("the worker runs all sweeps")
                        .until(() -> get(caller, "/api/v1/workers")
                                        .findValuesAsString("scanId")
                                        .size()
                                == sweeps);
                LockSupport.parkNanos(WARM_UP.dividedBy(2).toNanos());
                results.add(measureWorker(worker, plantedInstances.subList(0, sweeps), figures));
            }
            return results;
        } finally {
            plantedInstances.forEach(PlantedInstance::close);
        }
    }

    /** Measures the worker for half of {@link #time}, while it sweeps these servers. */
    private LongSweeps measureWorker(
            ServiceMember worker, List<PlantedInstance> sweptInstances, DatabaseFigures figures) throws Exception {
        long pid = worker.process().pid();
        double cpuBefore = ProcessFigures.cpuSeconds(pid);
        figures.begin();
        LockSupport.parkNanos(time.dividedBy(2).toNanos());
        DatabaseLoad load = figures.since();
        double cpu = ProcessFigures.cpuSeconds(pid) - cpuBefore;
        // The resident memory is read first, because usedHeapMb makes a full collection, which changes it.
        double resident = ProcessFigures.residentMb(pid);
        return new LongSweeps(
                sweptInstances.size(),
                rounded(load.statements() / load.seconds()),
                rounded(load.cpuSeconds() * 1e3 / load.seconds()),
                rounded(cpu * 1e3 / load.seconds()),
                rounded(load.walBytes() / load.seconds()),
                rounded(resident),
                rounded(ProcessFigures.usedHeapMb(pid)),
                sweptInstances.isEmpty()
                        ? 0
                        : rounded(sweptInstances.stream()
                                .mapToLong(PlantedInstance::otherConnections)
                                .average()
                                .orElse(0)));
    }

    /** Sends a GET to the API, and returns the body of the answer. */
    private static JsonNode get(FailoverClient caller, String path) {
        try {
            return caller.get("get", path).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs one scan after the other on each instance until the time is over, and returns the number of scans. Waits for
     * the scans that have begun.
     *
     * @throws IllegalStateException if a scan fails, does not end within a minute, or leaves an expired key
     */
    private static long runScans(
            List<PlantedInstance> plantedInstances, FailoverClient caller, ScanEndWatcher watcher, Duration time)
            throws InterruptedException {
        AtomicLong scans = new AtomicLong();
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> loops = new ArrayList<>();
            for (PlantedInstance each : plantedInstances) {
                loops.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        each.plant(DEAD_KEYS);
                        String state = watcher.await(createScan(each, caller, /* moreFields= */ ""), SCAN_TIMEOUT);
                        if (!"success".equals(state) || each.size() != LIVING_KEYS) {
                            throw new IllegalStateException(
                                    "A scan has ended as " + state + ", and the server holds " + each.size() + " keys");
                        }
                        scans.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> loop : loops) {
                loop.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return scans.get();
    }

    /**
     * Creates a scan and returns its id.
     *
     * @param moreFields fields to append to the JSON body, each with a comma before it; empty for none
     */
    private static String createScan(PlantedInstance planted, FailoverClient caller, String moreFields)
            throws InterruptedException {
        Answer answer = caller.call(
                "create",
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + planted.instanceId() + "\"" + moreFields + "}");
        if (answer.status() != 201) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.body().get("id").asString();
    }

    /** Returns the CPU time of processes of the service together, in seconds. */
    private static double cpuSeconds(List<ServiceMember> members) throws IOException {
        double seconds = 0;
        for (ServiceMember member : members) {
            seconds += ProcessFigures.cpuSeconds(member.process().pid());
        }
        return seconds;
    }
}
