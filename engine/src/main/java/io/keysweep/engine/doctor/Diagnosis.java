package io.keysweep.engine.doctor;

import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds everything that the doctor has found out about a server.
 *
 * @param nodeId {@code host:port}
 * @param flavour the product family
 * @param version the product's own version
 * @param role primary or replica
 * @param keys number of keys in all databases, expired ones included
 * @param volatileKeys how many of the keys have a TTL
 * @param memory the server's memory
 * @param replicas the replicas that follow the server
 * @param settings the settings that affect a sweep, by name; {@value #UNKNOWN} if the server does not report a setting
 * @param method name of the reclaim method that a sweep would use; null if none is possible now
 * @param methodReason why this method was chosen, or why none is possible
 * @param userCommand command that creates a user with exactly the rights that a sweep needs; null if the server is too
 *     old for such users
 * @param cost the estimated cost of a sweep
 * @param findings the findings, the most severe first
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

    /** The value of a setting that the server does not report. */
    public static final String UNKNOWN = ServerSettings.UNKNOWN;

    public Diagnosis {
        replicas = List.copyOf(replicas);
        findings = List.copyOf(findings);
    }

    /** Names the replication role of a server. */
    public enum Role {
        PRIMARY,
        REPLICA
    }

    /** Returns whether a sweep would be allowed and would reclaim keys. */
    public boolean sweepable() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.PROBLEM);
    }
}
