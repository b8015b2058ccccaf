package io.keysweep.cli.doctor;

import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.estimate.SweepCost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents the JSON that {@code keysweep doctor --json} prints, in the same shape for one server and for a cluster.
 *
 * <p>A finding is one result of the doctor, such as a setting that prevents a sweep, with an action for the user.
 *
 * @param formatVersion version of this shape
 * @param command always {@code doctor}
 * @param label name of the server or the cluster in texts that users read
 * @param sweepable whether every primary was examined and can be swept
 * @param total the sums over the primaries
 * @param findings the findings of all primaries, each once, the most severe first
 * @param nodes the result for each primary, with its own findings
 * @param refused the primaries of a cluster that could not be examined
 */
record DoctorDocument(
        int formatVersion,
        String command,
        String label,
        boolean sweepable,
        Total total,
        List<SharedFinding> findings,
        List<DiagnosisDocument> nodes,
        List<RefusedNode> refused) {

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

        static SharedFinding of(Examination.Occurrence occurrence) {
            Finding finding = occurrence.finding();
            return new SharedFinding(
                    finding.id(), finding.severity(), finding.sentence(), finding.action(), occurrence.nodes());
        }
    }

    /**
     * Sums up the primaries that were examined.
     *
     * @param keys number of keys on these primaries
     * @param volatileKeys number of these keys that have a TTL
     * @param usedBytes memory that these primaries use, in bytes
     * @param sweepSeconds how long it takes to sweep these primaries one after the other, in seconds
     * @param advice the advice on the dead keys of these primaries together; null if a primary that has keys with a TTL
     *     has no advice
     */
    record Total(
            long keys,
            long volatileKeys,
            long usedBytes,
            SweepTimes sweepSeconds,
            @Nullable Advice advice) {

        static Total of(Examination examination) {
            List<Diagnosis> diagnoses = examination.diagnoses();
            return new Total(
                    diagnoses.stream().mapToLong(Diagnosis::keys).sum(),
                    diagnoses.stream().mapToLong(Diagnosis::volatileKeys).sum(),
                    diagnoses.stream()
                            .mapToLong(diagnosis -> diagnosis.memory().usedBytes())
                            .sum(),
                    SweepTimes.of(SweepCost.sum(
                            diagnoses.stream().map(Diagnosis::cost).toList())),
                    examination.advice());
        }
    }

    static DoctorDocument of(String label, Examination examination) {
        List<Diagnosis> diagnoses = examination.diagnoses();
        return new DoctorDocument(
                ResultOutput.FORMAT_VERSION,
                "doctor",
                label,
                examination.refusals().isEmpty() && diagnoses.stream().allMatch(Diagnosis::sweepable),
                Total.of(examination),
                examination.findings().stream().map(SharedFinding::of).toList(),
                diagnoses.stream().map(DiagnosisDocument::of).toList(),
                RefusedNode.of(examination.refusals()));
    }
}
