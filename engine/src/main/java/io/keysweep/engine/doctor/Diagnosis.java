package io.keysweep.engine.doctor;

import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the doctor has to say about a server.
 *
 * @param nodeId {@code host:port}
 * @param flavour who made it
 * @param version its own version
 * @param role primary or replica
 * @param keys keys over all databases, dead ones included
 * @param volatileKeys how many of them have a TTL
 * @param memory what it holds and may hold
 * @param replicas who follows it
 * @param settings settings by name that matter to a sweep; {@value #UNKNOWN} where the server does not tell or has none
 *     such
 * @param method name of the reclaim method that a sweep would use; null where none can be had now
 * @param methodReason why this one, or why none
 * @param userCommand command that makes a user who may do what a sweep needs and nothing else; null where the server is
 *     too old for such users
 * @param cost what a sweep would take
 * @param findings what matters, the worst first
 */
public record Diagnosis(
        String nodeId,
        Flavour flavour,
        String version,
        Role role,
        long keys,
        long volatileKeys,
        MemoryState memory,
        List<ReplicaState> replicas,
        Map<String, String> settings,
        @Nullable String method,
        String methodReason,
        @Nullable String userCommand,
        SweepCost cost,
        List<Finding> findings) {

    /** What a setting counts as that the server does not tell. */
    public static final String UNKNOWN = ServerSettings.UNKNOWN;

    public Diagnosis {
        replicas = List.copyOf(replicas);
        findings = List.copyOf(findings);
    }

    /** What a server is to others. */
    public enum Role {
        PRIMARY,
        REPLICA
    }

    /** Whether a sweep would be let in and reclaim. */
    public boolean sweepable() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.PROBLEM);
    }
}
