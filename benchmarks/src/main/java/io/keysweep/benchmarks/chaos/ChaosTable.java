package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.service.CallLog;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Formats a {@link ChaosResult} as the text that {@code dev/chaos} prints at its end. */
final class ChaosTable {

    private ChaosTable() {}

    /** Returns the complete text: the injected faults, the counts, the calls, and all findings. */
    static String of(ChaosResult result) {
        TextTable injectedFaults = new TextTable(List.of("injected", "times"));
        result.injected().forEach((what, times) -> injectedFaults.add(List.of(what, times.toString())));
        TextTable counts = new TextTable(List.of("found", "number"));
        result.found().forEach((what, number) -> counts.add(List.of(what, number.toString())));
        String summary = result.findings().isEmpty()
                ? "Nothing is wrong."
                : result.findings().size() + " finding(s):\n" + String.join("\n", result.findings());
        return String.join(
                "\n",
                result.commandLine() + ", seed " + result.seed() + ", " + (long) result.seconds() + " s",
                "",
                injectedFaults.toString(),
                counts.toString(),
                calls(result.calls()),
                summary);
    }

    /** Returns the table of the API calls, a row for each kind of call. */
    static String calls(List<CallLog.Calls> calls) {
        TextTable table = new TextTable(List.of("calls", "number", "p50 ms", "p99 ms", "statuses"));
        for (CallLog.Calls kind : calls) {
            table.add(List.of(
                    kind.kind(),
                    Long.toString(kind.calls()),
                    Double.toString(kind.p50Ms()),
                    Double.toString(kind.p99Ms()),
                    kind.statuses().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(entry -> entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining(", "))));
        }
        return table.toString();
    }
}
