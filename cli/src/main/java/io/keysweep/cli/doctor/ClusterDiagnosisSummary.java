package io.keysweep.cli.doctor;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.estimate.SweepCost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Formats the diagnoses of a cluster's primaries as the text that {@code keysweep doctor} prints.
 *
 * <p>The text has these parts: the state of each primary; the primaries that could not be examined; each finding once,
 * with the primaries that have it; the sums of keys, memory and cost over all primaries; the proposed ACL user; the
 * advice on the dead keys of all primaries, and the ways of dealing with them. The advice for single primaries is left
 * out if there is one for all.
 */
final class ClusterDiagnosisSummary {

    private ClusterDiagnosisSummary() {}

    /** Returns the lines of the text; without findings, sums and user if no primary could be examined. */
    static List<String> lines(String label, Examination examination) {
        DoctorDocument cluster = DoctorDocument.of(label, examination);
        List<Diagnosis> diagnoses = examination.diagnoses();
        List<String> lines = new ArrayList<>();
        diagnoses.forEach(diagnosis -> lines.addAll(DiagnosisSummary.state(diagnosis)));
        List<RefusedNode> refusedNodes = RefusedNode.of(examination.refusals());
        refusedNodes.forEach(node -> lines.add("NOT EXAMINED: " + node.message()));
        if (diagnoses.isEmpty()) {
            return lines;
        }
        Finding advice = examination.adviceFinding();
        examination.findingsBesideAdvice().forEach(finding -> addFinding(lines, finding, diagnoses.size()));
        lines.add(totalHeading(diagnoses.size(), refusedNodes.isEmpty()));

        addSums(lines, cluster.total(), diagnoses);
        // The primaries mostly propose the same user, which is shown once.
        Set<String> users = diagnoses.stream()
                .map(Diagnosis::userCommand)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        users.forEach(user -> lines.add("  user      " + user));
        if (advice != null) {
            lines.addAll(DiagnosisSummary.finding(advice));
        }
        lines.addAll(DiagnosisSummary.ways(cluster.total().advice()));
        return lines;
    }

    /**
     * Returns the heading of the sums.
     *
     * @param primaries number of primaries that were examined
     * @param isComplete whether these are all primaries of the cluster
     */
    private static String totalHeading(int primaries, boolean isComplete) {
        if (isComplete) {
            return primaries == 1 ? "The only primary." : "All " + primaries + " primaries together.";
        }
        return primaries == 1
                ? "The only primary that was examined."
                : "The " + primaries + " primaries that were examined, together.";
    }

    /** Adds a finding and the names of the primaries that have it. */
    private static void addFinding(List<String> lines, Examination.Occurrence finding, int examined) {
        lines.addAll(DiagnosisSummary.finding(finding.finding()));
        boolean isOnAll = finding.nodes().size() == examined && examined > 1;
        lines.add("         on " + (isOnAll ? "all " + examined : String.join(", ", finding.nodes())));
    }

    /** Adds the keys and the memory of all primaries, and the cost of their sweeps. */
    private static void addSums(List<String> lines, DoctorDocument.Total total, List<Diagnosis> diagnoses) {
        lines.add("  keys      " + Amounts.count(total.keys()) + ", " + Amounts.count(total.volatileKeys())
                + " with a TTL");
        lines.add("  memory    " + Amounts.bytes(total.usedBytes()) + " used");
        lines.add("  a sweep   "
                + SweepTimes.text(
                        SweepCost.sum(diagnoses.stream().map(Diagnosis::cost).toList()))
                + ", one primary after the other");
    }
}
