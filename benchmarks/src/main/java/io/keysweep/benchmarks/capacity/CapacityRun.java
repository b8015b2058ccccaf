package io.keysweep.benchmarks.capacity;

import static io.keysweep.benchmarks.result.ResultFile.rounded;

import io.keysweep.benchmarks.capacity.CapacityResult.Pass;
import io.keysweep.benchmarks.capacity.CapacityResult.Running;
import io.keysweep.benchmarks.capacity.DatabaseFigures.Since;
import io.keysweep.benchmarks.service.CallLog;
import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.ScanWatch;
import io.keysweep.benchmarks.service.Service;
import io.keysweep.benchmarks.service.ServiceMember;
import io.keysweep.testkit.Await;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.SignedServiceClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Measures a service of one process that answers and some that sweep.
 *
 * @param command what starts a process
 * @param instances servers, each with one scan at a time
 * @param time how long each pass takes
 */
record CapacityRun(List<String> command, int instances, Duration time) {

    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofMinutes(1);
    private static final Duration WARM = Duration.ofSeconds(10);
    private static final int LIVING = 100;
    private static final int DEAD = 20;

    /** Keys a second of a sweep that takes long; it has hundred times as many. */
    private static final int LOW_RATE = 20;

    Pass pass(int workers) throws Exception {
        List<PlantedInstance> planted = new ArrayList<>();
        try (Service service = Service.start(command, Map.of(), "api", CALL);
                ScanWatch watch = ScanWatch.start(service.url());
                DatabaseFigures figures = DatabaseFigures.of(service)) {
            List<ServiceMember> sweepers = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                sweepers.add(service.add("worker"));
            }
            service.awaitUp();
            FailoverClient caller = new FailoverClient(service, new CallLog());
            for (int i = 0; i < instances; i++) {
                planted.add(PlantedInstance.start(RedisVersion.REDIS_7_0, i, LIVING, caller));
            }
            scan(planted, caller, watch, WARM);
            long scansBefore = figures.scans();
            long bytesBefore = figures.scanBytes();
            double workerBefore = cpu(sweepers);
            double apiBefore = cpu(List.of(service.first()));
            figures.begin();
            long scans = scan(planted, caller, watch, time);
            Since since = figures.since();
            long kept = figures.scans() - scansBefore;
            return new Pass(
                    workers,
                    scans,
                    rounded(scans / since.seconds()),
                    rounded((double) since.statements() / scans),
                    rounded(since.cpuSeconds() * 1e3 / scans),
                    rounded((cpu(sweepers) - workerBefore) * 1e3 / scans),
                    rounded((cpu(List.of(service.first())) - apiBefore) * 1e3 / scans),
                    rounded((double) since.walBytes() / scans),
                    rounded((double) (figures.scanBytes() - bytesBefore) / kept),
                    since.connections());
        } finally {
            planted.forEach(PlantedInstance::close);
        }
    }

    List<Running> running(List<Integer> numbers) throws Exception {
        List<PlantedInstance> planted = new ArrayList<>();
        List<Running> found = new ArrayList<>();
        int most = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
        Map<String, String> settings = Map.of("KEYSWEEP_WORKER_THREADS", Integer.toString(Math.max(1, most)));
        try (Service service = Service.start(command, settings, "api", CALL);
                DatabaseFigures figures = DatabaseFigures.of(service)) {
            ServiceMember worker = service.add("worker");
            service.awaitUp();
            FailoverClient caller = new FailoverClient(service, new CallLog());
            for (int i = 0; i < most; i++) {
                planted.add(PlantedInstance.start(RedisVersion.REDIS_7_0, i, 100 * LOW_RATE, caller));
            }
            int begun = 0;
            for (int sweeps : numbers) {
                while (begun < sweeps) {
                    create(planted.get(begun++), caller, ",\"rateCeiling\":" + LOW_RATE);
                }
                Await.until(
                        "all sweep",
                        () -> get(caller, "/api/v1/workers")
                                        .findValuesAsString("scanId")
                                        .size()
                                == sweeps);
                LockSupport.parkNanos(WARM.dividedBy(2).toNanos());
                found.add(measured(worker, planted.subList(0, sweeps), figures));
            }
            return found;
        } finally {
            planted.forEach(PlantedInstance::close);
        }
    }

    private Running measured(ServiceMember worker, List<PlantedInstance> swept, DatabaseFigures figures)
            throws Exception {
        long pid = worker.process().pid();
        double cpuBefore = ProcessFigures.cpuSeconds(pid);
        figures.begin();
        LockSupport.parkNanos(time.dividedBy(2).toNanos());
        Since since = figures.since();
        double cpu = ProcessFigures.cpuSeconds(pid) - cpuBefore;
        double resident = ProcessFigures.residentMb(pid);
        return new Running(
                swept.size(),
                rounded(since.statements() / since.seconds()),
                rounded(since.cpuSeconds() * 1e3 / since.seconds()),
                rounded(cpu * 1e3 / since.seconds()),
                rounded(since.walBytes() / since.seconds()),
                rounded(resident),
                rounded(ProcessFigures.usedHeapMb(pid)),
                swept.isEmpty()
                        ? 0
                        : rounded(swept.stream()
                                .mapToLong(PlantedInstance::otherConnections)
                                .average()
                                .orElse(0)));
    }

    private static JsonNode get(FailoverClient caller, String path) {
        try {
            return caller.call("get", "GET", path, "", Map.of()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One scan after the other on each instance; gives how many have ended. */
    private static long scan(List<PlantedInstance> planted, FailoverClient caller, ScanWatch watch, Duration time)
            throws InterruptedException {
        AtomicLong scans = new AtomicLong();
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> loops = new ArrayList<>();
            for (PlantedInstance each : planted) {
                loops.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        each.plant(DEAD);
                        String state = watch.await(create(each, caller, ""), END);
                        if (!"success".equals(state) || each.size() != LIVING) {
                            throw new IllegalStateException(
                                    "A scan has ended as " + state + ", leaving " + each.size());
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

    private static String create(PlantedInstance planted, FailoverClient caller, String more)
            throws InterruptedException {
        Answer answer = caller.call(
                "create",
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + planted.instanceId() + "\"" + more + "}",
                Map.of());
        if (answer.status() != 201) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.body().get("id").asString();
    }

    private static double cpu(List<ServiceMember> members) throws IOException {
        double seconds = 0;
        for (ServiceMember member : members) {
            seconds += ProcessFigures.cpuSeconds(member.process().pid());
        }
        return seconds;
    }
}
