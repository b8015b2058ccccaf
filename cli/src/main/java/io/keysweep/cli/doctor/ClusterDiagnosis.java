package io.keysweep.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.estimate.SweepCost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes the examination of a cluster as the JSON that {@code keysweep doctor --json} prints.
 *
 * <p>A finding is one result of the doctor, such as a setting that prevents a sweep, with an action for the user.
 *
 * @param primaries the result for each primary, with its own findings
 * @param findings the findings of all primaries, each once, the most severe first
 * @param total the sums over the primaries
 * @param refused the primaries that could not be examined; left out if there are none
 */
record ClusterDiagnosis(
        List<DiagnosisDocument> primaries,
        List<SharedFinding> findings,
        Total total,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RefusedNode> refused) {

    /**
     * Describes a finding that one or more primaries have in the same words.
     *
     * @param id stable name of the finding
     * @param severity how serious it is; a {@code PROBLEM} prevents a sweep
     * @param sentence what was found, with the value
     * @param action what the user can do about it
     * @param nodes addresses of the primaries with this finding
     */
    record SharedFinding(String id, Finding.Severity severity, String sentence, String action, List<String> nodes) {

        static SharedFinding of(Finding finding, List<String> nodes) {
            return new SharedFinding(
                    finding.id(), finding.severity(), finding.sentence(), finding.action(), List.copyOf(nodes));
        }

        /** Returns the finding without its primaries. */
        Finding finding() {
            return new Finding(id, severity, sentence, action);
        }
    }

    /**
     * Sums up the primaries that were examined.
     *
     * @param primaries number of examined primaries
     * @param keys number of keys on these primaries
     * @param volatileKeys number of these keys that have a TTL
     * @param usedBytes memory that these primaries use, in bytes
     * @param sweepSeconds how long it takes to sweep these primaries one after the other
     */
    record Total(int primaries, long keys, long volatileKeys, long usedBytes, SweepTimes sweepSeconds) {

        static Total of(List<Diagnosis> diagnoses) {
            return new Total(
                    diagnoses.size(),
                    diagnoses.stream().mapToLong(Diagnosis::keys).sum(),
                    diagnoses.stream().mapToLong(Diagnosis::volatileKeys).sum(),
                    diagnoses.stream()
                            .mapToLong(diagnosis -> diagnosis.memory().usedBytes())
                            .sum(),
                    SweepTimes.of(SweepCost.sum(
                            diagnoses.stream().map(Diagnosis::cost).toList())));
        }
    }

    static ClusterDiagnosis of(Examination examination) {
        List<Diagnosis> diagnoses = examination.diagnoses();
        return new ClusterDiagnosis(
                diagnoses.stream().map(DiagnosisDocument::of).toList(),
                mergeFindings(diagnoses),
                Total.of(diagnoses),
                RefusedNode.of(examination.refusals()));
    }

    /** Returns each different finding once, with the primaries that have it, the most severe first. */
    private static List<SharedFinding> mergeFindings(List<Diagnosis> diagnoses) {
        Map<Finding, List<String>> nodesByFinding = new LinkedHashMap<>();
        for (Diagnosis diagnosis : diagnoses) {
            diagnosis
                    .findings()
                    .forEach(finding -> nodesByFinding
                            .computeIfAbsent(finding, ignored -> new ArrayList<>())
                            .add(diagnosis.nodeId()));
        }
        return nodesByFinding.entrySet().stream()
                .map(entry -> SharedFinding.of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(SharedFinding::severity).reversed())
                .toList();
    }
}
