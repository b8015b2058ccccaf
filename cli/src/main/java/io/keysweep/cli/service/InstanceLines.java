package io.keysweep.cli.service;

import io.keysweep.api.AdviceView;
import io.keysweep.api.EstimateView;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceView;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.AdviceSummary;
import io.keysweep.cli.shell.ServerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Formats instances, their raised settings, their tests and their estimates as the text that {@code keysweep instances}
 * prints.
 */
final class InstanceLines {

    private InstanceLines() {}

    /** Formats an instance: its settings, the result of the inspection, and settings that assist has raised. */
    static List<String> lines(InstanceView instance) {
        List<String> lines = new ArrayList<>();
        lines.add(instance.name() + "  " + instance.uri());
        add(lines, "id", instance.id());
        add(lines, "server", InstanceTable.server(instance));
        add(lines, "user", instance.username());
        add(lines, "tags", instance.tags().isEmpty() ? null : instance.tags());
        Boolean allowsAssist = instance.assist();
        if (allowsAssist != null) {
            add(lines, "assist", allowsAssist ? "allowed" : "forbidden");
        }
        add(lines, "checked", instance.checkedAt());
        add(lines, "problem", instance.problem());
        instance.raisedSettings().forEach(raised -> lines.addAll(lines(raised)));
        return lines;
    }

    private static void add(List<String> lines, String name, @Nullable Object value) {
        if (value != null) {
            lines.add(String.format(Locale.ROOT, "  %-8s %s", name, value));
        }
    }

    /** Formats raised settings of a server, with the commands that restore them. */
    static List<String> lines(RaisedSettingsView raised) {
        String settings = raised.settings().stream()
                .map(setting -> setting.name() + " " + setting.former() + " -> " + setting.raised())
                .collect(Collectors.joining(", "));
        return List.of(
                "Assist has raised settings of " + raised.address() + ", since " + raised.since() + ": " + settings
                        + (raised.leftover() ? "" : "; the running scan restores them"),
                "  commands that restore them: " + String.join("; ", raised.commands()));
    }

    /**
     * Formats a test: one line that says whether a scan can begin, and if not, why; then one line for each primary that
     * was found.
     */
    static List<String> lines(InstanceCheck test) {
        List<String> lines = new ArrayList<>();
        lines.add((test.sweepable() ? "A scan can begin" : "A scan would be refused: " + test.problem()) + " ("
                + test.millis() + " ms)");
        test.primaries()
                .forEach(primary -> lines.add("  " + primary.nodeId() + "  " + ServerName.of(primary.flavour()) + " "
                        + primary.version() + "  " + Amounts.count(primary.keys(), "key") + ", "
                        + Amounts.bytes(primary.usedMemory()) + "  " + primary.method()));
        return lines;
    }

    /**
     * Formats an estimate. The first line has the number of dead keys (expired keys that still hold memory) in total.
     * Then come one line for each primary, and the advice if there is one, with how sure it is
     * and with all ways.
     */
    static List<String> lines(EstimateView estimate) {
        List<String> lines = new ArrayList<>();
        lines.add("Backlog as of " + estimate.madeAt() + ": " + (estimate.exact() ? "" : "about ")
                + Amounts.count(estimate.dead(), "dead key")
                + (estimate.deadBytes() == null ? "" : ", about " + Amounts.bytes(estimate.deadBytes())));
        estimate.primaries().forEach(primary -> lines.add("  " + line(primary)));
        AdviceView advice = estimate.advice();
        if (advice != null) {
            lines.add("  advice: " + advice.sentence());
            if (advice.basis() != null) {
                lines.add("  basis: " + advice.basis());
            }
            lines.addAll(AdviceSummary.options(advice, "    "));
        }
        return lines;
    }

    private static String line(EstimateView.Primary primary) {
        EstimateView.SweepSeconds sweep = primary.sweepSeconds();
        return primary.nodeId() + "  " + Amounts.count(primary.dead()) + " ("
                + (primary.exact()
                        ? "every key visited"
                        : Amounts.count(primary.lowest()) + " to " + Amounts.count(primary.highest()))
                + ") of " + Amounts.count(primary.volatileKeys(), "key") + " with a TTL, read on " + primary.countedOn()
                + "; a sweep takes about " + duration(sweep.gentle()) + " (gentle), " + duration(sweep.balanced())
                + " (balanced), " + duration(sweep.full()) + " (full)";
    }

    private static String duration(double seconds) {
        return Amounts.duration(Duration.ofMillis(Math.round(seconds * 1000)));
    }
}
