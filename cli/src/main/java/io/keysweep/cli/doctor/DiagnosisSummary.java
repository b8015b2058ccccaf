package io.keysweep.cli.doctor;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.AdviceSummary;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.doctor.MemoryState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats a diagnosis as the text that {@code keysweep doctor} prints: the state of the server, then each finding with
 * its action. A finding is one result of the doctor, such as a setting that prevents a sweep.
 */
final class DiagnosisSummary {

    private DiagnosisSummary() {}

    /**
     * Returns the lines of one server: its state, the proposed ACL user if there is one, the findings, and the ways
     * that the advice has compared.
     */
    static List<String> lines(Diagnosis diagnosis) {
        List<String> lines = new ArrayList<>(state(diagnosis));
        if (diagnosis.userCommand() != null) {
            lines.add("  user      " + diagnosis.userCommand());
        }
        diagnosis.findings().forEach(finding -> lines.addAll(finding(finding)));
        lines.addAll(ways(diagnosis.advice()));
        return lines;
    }

    /** Returns the ways of dealing with dead keys that the advice has compared; no lines without advice. */
    static List<String> ways(@Nullable Advice advice) {
        List<String> lines = new ArrayList<>();
        if (advice != null) {
            lines.add("Ways to deal with dead keys, with the largest number to expect:");
            lines.addAll(AdviceSummary.options(advice, "  "));
        }
        return lines;
    }

    /** Returns the lines about the state of the server, without findings. */
    static List<String> state(Diagnosis diagnosis) {
        List<String> lines = new ArrayList<>();
        lines.add(diagnosis.nodeId() + " (" + ServerName.of(diagnosis.flavour(), diagnosis.version()) + ", "
                + diagnosis.role().name().toLowerCase(Locale.ROOT) + "): "
                + (diagnosis.sweepable() ? "can be swept." : "cannot be swept."));
        lines.add("  keys      " + Amounts.count(diagnosis.keys()) + ", " + Amounts.count(diagnosis.volatileKeys())
                + " with a TTL");
        lines.add("  memory    " + memory(diagnosis.memory()));
        lines.add("  method    " + (diagnosis.method() == null ? "none" : diagnosis.method()) + ": "
                + diagnosis.methodReason());
        lines.add("  a sweep   " + SweepTimes.text(diagnosis.cost()));
        return lines;
    }

    /** Returns the lines about one finding. */
    static List<String> finding(Finding finding) {
        return List.of(
                String.format(Locale.ROOT, "%-7s  %s: %s", finding.severity(), finding.id(), finding.sentence()),
                "         -> " + finding.action());
    }

    /** Formats the used memory, its limit and the policy at the limit. The limit 0 means no limit. */
    private static String memory(MemoryState memory) {
        return Amounts.bytes(memory.usedBytes()) + " used, RSS " + Amounts.bytes(memory.rssBytes()) + ", "
                + (memory.limitBytes() == 0 ? "no limit" : "limit " + Amounts.bytes(memory.limitBytes())) + " ("
                + memory.policy() + ")";
    }
}
