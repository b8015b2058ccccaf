package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.server.Planter;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs one activity in addition to the active expiry of a new server, and samples the number of expired keys each
 * second.
 *
 * <p>Active expiry is the cycle in which a server samples keys with a TTL and removes the expired ones.
 */
final class StarvationRun {

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long LONG_TTL_MILLIS = Duration.ofDays(30).toMillis();

    private StarvationRun() {}

    /**
     * Starts a server, runs the activity for {@link StarvationSpec#duration} while keys expire, and returns the
     * figures.
     *
     * @throws ExecutionException if the activity fails
     */
    static StarvationResult.Run of(BackgroundActivity activity, StarvationSpec spec)
            throws InterruptedException, ExecutionException {
        try (RedisServer server = RedisServer.start(spec.version());
                RespClient client = server.client()) {
            new Planter(client, spec.valueSize()).plantVolatile("long:", spec.longLived(), LONG_TTL_MILLIS);
            client.call("CONFIG", "RESETSTAT");
            double cpuBefore = ServerFigures.cpuSeconds(client);
            SweepControl control = new SweepControl();
            FutureTask<Boolean> work = new FutureTask<>(() -> {
                activity.run(server.port(), spec, control);
                return true;
            });
            Thread thread = new Thread(work, "background-activity");
            thread.start();
            List<StarvationResult.Sample> samples;
            double cpu;
            try (Inflow inflow = Inflow.start(spec, server.port())) {
                samples = sample(spec, client, inflow);
                cpu = ServerFigures.cpuSeconds(client) - cpuBefore;
            } finally {
                control.cancel();
                thread.join();
            }
            work.get();
            return StarvationResult.Run.of(activity.label(), spec, samples, ServerFigures.of(client, "stats"), cpu);
        }
    }

    /** Takes a sample each second until the run is over. */
    private static List<StarvationResult.Sample> sample(StarvationSpec spec, RespClient client, Inflow inflow) {
        List<StarvationResult.Sample> samples = new ArrayList<>();
        long start = System.nanoTime();
        for (int second = 1; second <= spec.duration().toSeconds(); second++) {
            long due = start + second * SECOND_NANOS;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            long keys = client.callLong("DBSIZE");
            long living = spec.longLived() + inflow.living();
            // Inflow records a batch a moment before or after the server has it, so the difference may be negative.
            samples.add(new StarvationResult.Sample(second, keys, living, Math.max(0, keys - living)));
        }
        return samples;
    }
}
