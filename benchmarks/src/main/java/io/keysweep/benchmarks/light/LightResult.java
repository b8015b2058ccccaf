package io.keysweep.benchmarks.light;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.Median;
import io.keysweep.benchmarks.result.ResultFile;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes the JSON file that {@code dev/bench light} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the run
 * @param at the end of the run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the benchmark ran
 * @param rounds how often each program was started
 * @param processes the figures of each program
 */
record LightResult(String commandLine, String at, Machine machine, int rounds, List<Row> processes) {

    /**
     * Holds the figures of one start of a program.
     *
     * @param seconds time from the start of the process to its first answer, or to its end, s
     * @param residentMb resident memory of the idle process, MiB; null for a process that ends by itself
     */
    record Start(double seconds, @Nullable Double residentMb) {}

    /**
     * Sums up the starts of one program.
     *
     * @param name the name of the program in the table, for example {@code keysweep server}
     * @param seconds median over the rounds, s
     * @param fastestSeconds the fastest start, s
     * @param slowestSeconds the slowest start, s
     * @param residentMb median of the resident memory, MiB; null for a process that ends by itself
     */
    record Row(
            String name,
            double seconds,
            double fastestSeconds,
            double slowestSeconds,
            @Nullable Double residentMb) {

        /** Sums up starts, of which there must be at least one. */
        static Row of(String name, List<Start> starts) {
            List<Double> seconds = starts.stream().map(Start::seconds).sorted().toList();
            List<Double> resident = starts.stream()
                    .map(Start::residentMb)
                    .filter(Objects::nonNull)
                    .toList();
            return new Row(
                    name,
                    ResultFile.rounded(Median.of(seconds, Double::doubleValue)),
                    ResultFile.rounded(seconds.getFirst()),
                    ResultFile.rounded(seconds.getLast()),
                    resident.isEmpty() ? null : (Double) ResultFile.rounded(Median.of(resident, Double::doubleValue)));
        }
    }
}
