package io.keysweep.cli.doctor;

import io.keysweep.cli.doctor.DoctorDocument.SharedFinding;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.MemoryState;
import io.keysweep.engine.doctor.ReplicaState;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Represents a {@link Diagnosis} as JSON, a part of the output of {@code keysweep doctor --json}. Components without a
 * comment have the names and meanings of {@link Diagnosis}.
 *
 * @param sweepable whether the server can be swept
 * @param sweepSeconds how long a sweep of this server would take with each profile, in seconds
 * @param findings the findings, each with this server as its only node
 */
record DiagnosisDocument(
        String nodeId,
        Flavour flavour,
        String version,
        Diagnosis.ReplicationRole role,
        boolean sweepable,
        long keys,
        long volatileKeys,
        MemoryState memory,
        List<ReplicaState> replicas,
        Map<String, String> settings,
        @Nullable String method,
        String methodReason,
        @Nullable String userCommand,
        SweepTimes sweepSeconds,
        @Nullable Advice advice,
        List<SharedFinding> findings) {

    static DiagnosisDocument of(Diagnosis diagnosis) {
        return new DiagnosisDocument(
                diagnosis.nodeId(),
                diagnosis.flavour(),
                diagnosis.version(),
                diagnosis.role(),
                diagnosis.sweepable(),
                diagnosis.keys(),
                diagnosis.volatileKeys(),
                diagnosis.memory(),
                diagnosis.replicas(),
                diagnosis.settings(),
                diagnosis.method(),
                diagnosis.methodReason(),
                diagnosis.userCommand(),
                SweepTimes.of(diagnosis.cost()),
                diagnosis.advice(),
                diagnosis.findings().stream()
                        .map(finding ->
                                SharedFinding.of(new Examination.Occurrence(finding, List.of(diagnosis.nodeId()))))
                        .toList());
    }
}
