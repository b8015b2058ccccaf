package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.result.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Formats a {@link StarvationResult} as text: the backlogs (expired keys in memory) of all runs over time. */
final class StarvationTable {

    /** The approximate number of moments that the table shows. */
    private static final int ROWS = 12;

    private StarvationTable() {}

    /** Returns a heading, a table with one column for each run, and one line for each figure that has a limit. */
    static String of(StarvationResult result) {
        List<String> headings = new ArrayList<>(List.of("expired keys in memory after"));
        result.runs().forEach(run -> headings.add(run.beside()));
        TextTable table = new TextTable(headings);
        int seconds = result.runs().getFirst().samples().size();
        int step = Math.max(1, seconds / ROWS);
        for (int second = step; second <= seconds; second += step) {
            int index = second - 1;
            table.add(row(second + " s", result, run -> run.samples().get(index).backlog()));
        }
        table.add(row("growth a second", result, StarvationResult.Run::backlogGrowthPerSecond));
        table.add(row("reclaimed in all", result, StarvationResult.Run::expiredKeys));
        table.add(row("native expiry, CPU ms", result, StarvationResult.Run::nativeExpiryCpuMs));
        table.add(row("server, CPU ms", result, run -> Math.round(run.serverCpuSeconds() * 1_000)));
        StringBuilder bars = new StringBuilder();
        result.ratios()
                .forEach((name, ratio) -> bars.append(String.format(
                        Locale.ROOT,
                        "%-16s %10.3f  %s%n",
                        name,
                        ratio,
                        result.bars().get(name))));
        return String.format(
                Locale.ROOT,
                "starvation: %s with its defaults, %,d keys with a long TTL, %,d new keys/s with a TTL of %d s%n%n%s%n%s",
                result.version(),
                result.longLived(),
                result.inflowPerSecond(),
                result.ttlSeconds(),
                table,
                bars);
    }

    private static List<String> row(
            String name, StarvationResult result, Function<StarvationResult.Run, Number> figure) {
        List<String> cells = new ArrayList<>(List.of(name));
        result.runs()
                .forEach(run -> cells.add(String.format(
                        Locale.ROOT, "%,d", Math.round(figure.apply(run).doubleValue()))));
        return cells;
    }
}
