package io.keysweep.benchmarks.tls;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.Median;
import io.keysweep.benchmarks.result.ResultFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Describes the JSON file that {@code dev/bench tls} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last sweep, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the sweeps took place
 * @param version the version of the server
 * @param persistent the number of keys without a TTL
 * @param expired the number of expired keys before each sweep
 * @param rounds the number of sweeps with each profile and connection
 * @param figures the median figures, by profile
 * @param ratios each figure with TLS divided by the same figure without, by name; see {@link #ratios}
 */
record TlsBenchmarkResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long persistent,
        long expired,
        int rounds,
        Map<String, Pair> figures,
        Map<String, Double> ratios) {

    /**
     * Reports one sweep, or the medians of several.
     *
     * @param keysPerSecond visited keys per second
     * @param serverMicrosPerKey the CPU time of the server for each visited key, µs
     * @param clientMicrosPerKey the CPU time of this process for each visited key, µs
     * @param microsPerStep the CPU time of server and process together for each step (a command and its reply), µs
     */
    record Figures(double keysPerSecond, double serverMicrosPerKey, double clientMicrosPerKey, double microsPerStep) {}

    /**
     * Holds the median figures of one profile with and without TLS.
     *
     * @param plain the figures without TLS
     * @param tls the figures with TLS
     */
    record Pair(Figures plain, Figures tls) {}

    /** Returns the median of each figure. */
    static Figures median(List<Figures> sweeps) {
        return new Figures(
                median(sweeps, Figures::keysPerSecond),
                median(sweeps, Figures::serverMicrosPerKey),
                median(sweeps, Figures::clientMicrosPerKey),
                median(sweeps, Figures::microsPerStep));
    }

    /**
     * Returns the ratios of all profiles. Each divides a figure with TLS by the same figure without TLS:
     *
     * <ul>
     *   <li>{@code gentleRate}: visited keys per second. It is below 1 if TLS makes the sweep slower.
     *   <li>{@code gentleServerCpu}: CPU time of the server for each key. It is above 1 if TLS costs the server time.
     *   <li>{@code gentleClientCpu}: CPU time of this process, which sweeps, for each key.
     *   <li>{@code gentleStepCpu}: CPU time of both for each step.
     * </ul>
     */
    static Map<String, Double> ratios(Map<String, Pair> figures) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        figures.forEach((profile, pair) -> {
            put(ratios, profile + "Rate", pair, Figures::keysPerSecond);
            put(ratios, profile + "ServerCpu", pair, Figures::serverMicrosPerKey);
            put(ratios, profile + "ClientCpu", pair, Figures::clientMicrosPerKey);
            put(ratios, profile + "StepCpu", pair, Figures::microsPerStep);
        });
        return ratios;
    }

    private static void put(Map<String, Double> ratios, String name, Pair pair, ToDoubleFunction<Figures> figure) {
        ratios.put(name, ResultFile.rounded(figure.applyAsDouble(pair.tls()) / figure.applyAsDouble(pair.plain())));
    }

    private static double median(List<Figures> sweeps, ToDoubleFunction<Figures> figure) {
        return ResultFile.rounded(Median.of(sweeps, figure));
    }
}
