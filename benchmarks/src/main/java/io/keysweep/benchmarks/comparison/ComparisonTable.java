package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.ForegroundPass.Foreground;
import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.server.ForegroundLoad.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats a {@link ComparisonResult} as the text that {@code dev/bench} prints: a row for each contender, then the
 * ratios.
 */
final class ComparisonTable {

    private ComparisonTable() {}

    /** Returns the complete text: the heading, the table of contenders, the notes, and the ratios. */
    static String of(ComparisonResult result) {
        return heading(result) + contenders(result) + notes(result) + "\n" + ratios(result);
    }

    /** Returns a line with the server and the planted keys, and an empty line. */
    private static String heading(ComparisonResult result) {
        return String.format(
                Locale.ROOT,
                "%s: %s%s, %,d persistent + %,d expired keys, values of %d bytes, medians of %d rounds%n%n",
                result.name(),
                result.server(),
                result.clusterMode() ? " in cluster mode" : "",
                result.keySpace().persistent(),
                result.keySpace().expired(),
                result.keySpace().valueSize(),
                result.rounds());
    }

    /** Returns the table of contenders, with the latencies of the simulated application if there are any. */
    private static TextTable contenders(ComparisonResult result) {
        Foreground foreground = result.foreground();
        List<String> headings = new ArrayList<>(List.of(
                "contender",
                "seconds",
                "keys/s",
                "CPU us/key",
                "bytes/key",
                "stall p50",
                "p99",
                "p99.9",
                "longest ms",
                "preempted",
                "waited ms",
                "reclaimed"));
        if (foreground != null) {
            headings.addAll(List.of("app p50", "app p99", "app p99.9 ms"));
        }
        TextTable table = new TextTable(headings);
        for (ComparisonResult.Entry entry : result.contenders()) {
            List<String> cells = cells(entry.name(), entry.median());
            if (foreground != null) {
                addLatencies(cells, foreground.under().get(entry.name()));
            }
            table.add(cells);
        }
        return table;
    }

    /** Returns the notes for readers of the table, and the latencies of the application without a sweep. */
    private static String notes(ComparisonResult result) {
        String notes =
                "\nThe JSON file describes each contender, and which of them stop before the end. Server, clients"
                        + " and load share\nthe " + result.machine().cores()
                        + " cores of this machine: compare contenders of one run, never numbers of two machines.\n";
        Foreground foreground = result.foreground();
        if (foreground == null) {
            return notes;
        }
        Latencies idle = foreground.idle();
        return notes
                + String.format(
                        Locale.ROOT,
                        "Latency of the application (%d requests/s) without a sweep: p50 %s, p99 %s, p99.9 %s ms.%n",
                        foreground.requestsPerSecond(),
                        number(idle.p50Ms()),
                        number(idle.p99Ms()),
                        number(idle.p999Ms()));
    }

    /** Returns one line for each ratio, with its bar if it has one. */
    private static String ratios(ComparisonResult result) {
        StringBuilder text = new StringBuilder();
        result.ratios().forEach((name, ratio) -> {
            CheckedBar bar = result.bars().get(name);
            text.append(String.format(Locale.ROOT, "%-31s %-8s %s", name, ratio, bar == null ? "" : bar)
                            .stripTrailing())
                    .append('\n');
        });
        return text.toString();
    }

    /** Returns the cells of a contender's row, without the latencies of an application. */
    private static List<String> cells(String name, TurnFigures figures) {
        return new ArrayList<>(List.of(
                name,
                number(figures.seconds()),
                String.format(Locale.ROOT, "%,.0f", figures.keysPerSecond()),
                number(figures.serverCpuMicrosPerKey()),
                number(figures.bytesPerKey()),
                number(figures.stallP50Ms()),
                number(figures.stallP99Ms()),
                number(figures.stallP999Ms()),
                number(figures.longestStallMs()),
                figures.preempted() == null ? "-" : String.format(Locale.ROOT, "%,.0f", figures.preempted()),
                number(figures.waitedMs()),
                String.format(Locale.ROOT, "%.1f %%", 100 * figures.reclaimed() / Math.max(1, figures.planted()))));
    }

    private static void addLatencies(List<String> cells, @Nullable Latencies latencies) {
        cells.add(number(latencies == null ? null : latencies.p50Ms()));
        cells.add(number(latencies == null ? null : latencies.p99Ms()));
        cells.add(number(latencies == null ? null : latencies.p999Ms()));
    }

    /** Returns a figure with two decimals, or a dash if it is null. */
    private static String number(@Nullable Double figure) {
        return figure == null ? "-" : String.format(Locale.ROOT, "%.2f", figure);
    }
}
