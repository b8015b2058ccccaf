package io.keysweep.benchmarks.assist;

import io.keysweep.benchmarks.assist.AssistBenchmarkResult.Turn;
import io.keysweep.benchmarks.assist.DrivesResult.Drive;
import io.keysweep.benchmarks.assist.DrivesResult.DriveTurn;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ForegroundLoad;
import io.keysweep.benchmarks.server.Planter;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.benchmarks.server.StartedParts;
import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.FolderLedger;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * Runs contenders, one at a time, on one server with a known number of expired keys, and measures each turn.
 *
 * <p>A contender is a way to reclaim expired keys, and a turn is one run of it. The server's own expiry is off, so that
 * the number of expired keys is known. It is on only in the turn of assist, because assist makes this expiry remove
 * more keys. Not safe to share between threads.
 */
final class AssistBenchmarkRun implements AutoCloseable {

    /** The time limit of a command; a blocking scan of all keys takes seconds. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** A TTL that no turn outlives, ms. */
    private static final long LONG_TTL_MS = 86_400_000;

    /** The shortest cycle of the server's expiry that the latency monitor records, ms. */
    private static final double SHORTEST_CYCLE_MS = 1;

    // An entry of LATENCY LATEST has the name of the event, its time, and the latest and the longest duration in ms.
    // These are indexes of such an entry.
    private static final int EVENT_NAME = 0;
    private static final int EVENT_LONGEST_MS = 3;

    /** Scans all keys, so that the server removes all expired ones. */
    private static final String SCAN_ALL =
            "local c='0' repeat c=redis.call('SCAN',c,'COUNT',1000)[1] until c=='0' return redis.call('DBSIZE')";

    private final RedisServer server;
    private final RespClient client;
    private final Planter planter;

    /** The number of keys that outlive all turns. */
    private final long lastingKeys;

    private final SweepEngine engine = LettuceEngine.sweepEngine();
    private final Assist assist;

    private final Condition condition;
    private final long persistent;
    private final int valueSize;

    /** The servers, connections and engines of this run. */
    private final StartedParts parts;

    private AssistBenchmarkRun(
            RedisServer server,
            StartedParts parts,
            Condition condition,
            long persistent,
            long living,
            int valueSize,
            Path ledger) {
        this.server = server;
        this.parts = parts;
        this.condition = condition;
        this.persistent = persistent;
        this.valueSize = valueSize;
        this.lastingKeys = persistent + living;
        parts.add(engine);
        client = RespClient.connect(server.port(), TIMEOUT);
        parts.add(client);
        planter = new Planter(client, valueSize);
        assist = new Assist(LettuceEngine.connector(), new FolderLedger(ledger), Timing.system());
        parts.add(assist);
    }

    /**
     * Starts a server with the keys that outlive all turns. The caller must close the result.
     *
     * @param ledger a folder in which assist stores the settings that it must put back
     */
    static AssistBenchmarkRun start(
            RedisVersion version, Condition condition, long persistent, long living, int valueSize, Path ledger) {
        // By default the server answers all clients with BUSY once a script has run for 5 s.
        List<String> options = new ArrayList<>(List.of("--lua-time-limit", "0"));
        options.addAll(condition.serverOptions());
        StartedParts parts = new StartedParts();
        try {
            RedisServer server = RedisServer.start(version, options.toArray(String[]::new));
            parts.add(server);
            if (condition == Condition.REPLICA) {
                parts.add(RedisServer.start(version, "--replicaof", "127.0.0.1", Integer.toString(server.port())));
            }
            AssistBenchmarkRun run =
                    new AssistBenchmarkRun(server, parts, condition, persistent, living, valueSize, ledger);
            run.client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            run.client.call("CONFIG", "SET", "latency-monitor-threshold", "1");
            run.planter.plantPersistent("live:", persistent);
            run.planter.plantVolatile("volatile:", living, LONG_TTL_MS);
            return run;
        } catch (RuntimeException e) {
            parts.closeAfter(e);
            throw e;
        }
    }

    /** Plants expired keys, measures one turn of a contender, and then removes the expired keys that are left. */
    Turn turn(String contender, long expired) throws IOException, InterruptedException {
        plant(expired);
        double cpuBefore;
        double pauseMs;
        double secondsToOnePercent;
        double callersP99Ms = 0;
        long start;
        try (ForegroundLoad load = condition == Condition.TRAFFIC
                        ? ForegroundLoad.start(server.port(), persistent, valueSize, Condition.REQUESTS_PER_SECOND)
                        : null;
                ExpiredKeysWatch watch = ExpiredKeysWatch.start(
                        RespClient.connect(server.port(), TIMEOUT), lastingKeys + expired / 100)) {
            cpuBefore = ServerFigures.cpuSeconds(client);
            start = System.nanoTime();
            pauseMs = run(contender);
            secondsToOnePercent = watch.stop();
            if (load != null) {
                callersP99Ms = load.stop().p99Ms();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpu = ServerFigures.cpuSeconds(client) - cpuBefore;

        long keysLeft = client.callLong("DBSIZE") - lastingKeys;
        client.call("EVAL", SCAN_ALL, "0");
        return new Turn(
                ResultFile.rounded(secondsToOnePercent < 0 ? seconds : secondsToOnePercent),
                ResultFile.rounded(seconds),
                ResultFile.rounded(cpu),
                ResultFile.rounded(pauseMs),
                callersP99Ms,
                keysLeft);
    }

    /** Plants expired keys, and resets the statistics of the server. */
    private void plant(long expired) {
        planter.plantExpired("dead:", expired);
        if (client.callLong("DBSIZE") != lastingKeys + expired) {
            throw new IllegalStateException("the number of keys on the server differs from the number planted");
        }
        client.call("CONFIG", "RESETSTAT");
        client.call("LATENCY", "RESET");
    }

    /**
     * Plants expired keys, and lets the server's own expiry remove them with the settings of a drive.
     *
     * <p>The turn ends once at most 1 % of the expired keys are left, or when its longest time is over. The next turn
     * overwrites the expired keys that are left.
     *
     * @param living the number of keys with a long TTL
     */
    DriveTurn driveTurn(Drive drive, long living, long expired, Duration longest) throws InterruptedException {
        set(drive);
        plant(expired);
        long tolerated = drive.tolerated(living);
        Double secondsToTolerated = null;
        Double secondsToOnePercent = null;
        double seconds = 0;
        DoubleStream.Builder replyMillis = DoubleStream.builder();
        double cpuBefore = ServerFigures.cpuSeconds(client);
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
        long start = System.nanoTime();
        while (secondsToOnePercent == null && seconds < longest.toSeconds()) {
            Thread.sleep(ExpiredKeysWatch.POLL_INTERVAL);
            long askedAt = System.nanoTime();
            long left = client.callLong("DBSIZE") - lastingKeys;
            long answeredAt = System.nanoTime();
            replyMillis.add((answeredAt - askedAt) / 1e6);
            seconds = (answeredAt - start) / 1e9;
            if (secondsToTolerated == null && left <= tolerated) {
                secondsToTolerated = ResultFile.rounded(seconds);
            }
            if (left <= expired / 100) {
                secondsToOnePercent = ResultFile.rounded(seconds);
            }
        }
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        double cpu = ServerFigures.cpuSeconds(client) - cpuBefore;
        double pauseMs = longestCycleMs();

        long left = client.callLong("DBSIZE") - lastingKeys;
        return new DriveTurn(
                drive.effort(),
                drive.hz(),
                tolerated,
                secondsToTolerated,
                secondsToOnePercent,
                ResultFile.rounded(seconds),
                ResultFile.rounded(cpu),
                ResultFile.rounded(pauseMs),
                ResultFile.rounded(percentile99(replyMillis.build().sorted().toArray())),
                left);
    }

    private static double percentile99(double[] sorted) {
        return sorted[(int) (sorted.length * 0.99)];
    }

    /** Sets the settings that assist changes, and waits until they are in force. */
    private void set(Drive drive) throws InterruptedException {
        client.call("CONFIG", "SET", "lazyfree-lazy-expire", "yes");
        client.call("CONFIG", "SET", "active-expire-effort", Integer.toString(drive.effort()));
        client.call("CONFIG", "SET", "hz", Integer.toString(drive.hz()));
        // The server uses a new frequency from its next cycle on, which at hz 10 begins up to 0.1 s later.
        while (ServerFigures.of(client, "server").number("hz") != drive.hz()) {
            Thread.sleep(ExpiredKeysWatch.POLL_INTERVAL);
        }
    }

    /** Runs a contender, and returns the longest uninterrupted time for which it kept the server busy, ms. */
    private double run(String contender) throws IOException, InterruptedException {
        return switch (contender) {
            case AssistBenchmarkResult.ASSIST -> assist();
            case AssistBenchmarkResult.GENTLE -> sweep();
            case AssistBenchmarkResult.LIMIT -> {
                long start = System.nanoTime();
                client.call("EVAL", SCAN_ALL, "0");
                yield (System.nanoTime() - start) / 1e6;
            }
            default -> redisCli();
        };
    }

    /** Lets assist run, and returns the longest cycle of the server's expiry, ms. */
    private double assist() throws InterruptedException {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
        AssistReport report;
        try {
            report = assist.run(request(), new SweepControl(), event -> {}, new SilentListener());
        } finally {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        }
        if (!report.ending().complete() || report.stillRaised()) {
            throw new IllegalStateException("assist ended " + report.ending() + ": " + report.reason());
        }
        return longestCycleMs();
    }

    /** Returns the longest cycle of the server's expiry since the last reset of the statistics, ms. */
    private double longestCycleMs() {
        List<?> events = (List<?>) Objects.requireNonNull(client.call("LATENCY", "LATEST"));
        return events.stream()
                .map(event -> (List<?>) event)
                .filter(event -> "expire-cycle".equals(event.get(EVENT_NAME)))
                .mapToDouble(event -> (Long) event.get(EVENT_LONGEST_MS))
                .max()
                .orElse(SHORTEST_CYCLE_MS);
    }

    /** Sweeps the server, and returns the longest step, ms. */
    private double sweep() throws InterruptedException {
        SweepReport report = engine.sweep(request(), new SweepControl(), event -> {});
        if (report.ending() != SweepReport.Ending.COMPLETED) {
            throw new IllegalStateException("the sweep ended " + report.ending());
        }
        return report.longestStall().toNanos() / 1e6;
    }

    private SweepRequest request() {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), PacePolicy.GENTLE);
    }

    /** Runs {@code redis-cli --scan}. Its calls are short, so no pause is reported for it. */
    private double redisCli() throws IOException, InterruptedException {
        int exit = new ProcessBuilder(
                        server.version().cliBinary().toString(), "-p", Integer.toString(server.port()), "--scan")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("redis-cli ended with " + exit);
        }
        return 0;
    }

    @Override
    public void close() {
        parts.close();
    }
}
