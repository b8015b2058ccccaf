package io.keysweep.engine.doctor;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports the results of a {@link Doctor} for one server, for the command {@code keysweep doctor} and the service.
 *
 * <p>A sweep visits all keys of a primary by a reclaim method (a script, a transaction or a pipeline), so that the
 * server removes the expired ones.
 *
 * @param nodeId the server's address, {@code host:port} or the path of a Unix socket
 * @param flavour the product family
 * @param version the product's version, for example {@code 7.0.15}; for Valkey the Valkey version
 * @param role whether the server is a primary or a replica
 * @param keys the number of keys in all databases, including expired keys that still use memory; behind a proxy, the
 *     keys of all its servers
 * @param volatileKeys the number of keys that have a TTL; behind a proxy, only the keys of one server
 * @param memory the server's memory
 * @param replicas the replicas that follow the server
 * @param settings the values of the settings that affect a sweep, by the setting's name, for example {@code hz};
 *     {@value #UNKNOWN} if the server does not report a setting
 * @param method the name of the reclaim method that a sweep would use, for example {@code script}. Null if no method is
 *     possible now, or if the server's state was a reason to try none
 * @param methodReason why this method was chosen, or why there is no method
 * @param userCommand the ACL SETUSER command that creates a user with only the rights that a sweep needs; null if the
 *     server is too old for ACL users
 * @param cost the estimated cost of a sweep
 * @param dead the number of dead keys (expired keys that still use memory) by the server's own estimate; null if the
 *     server does not estimate it
 * @param advice which way of dealing with dead keys is the cheapest; null for a replica, or if the server does not
 *     estimate its dead keys
 * @param findings the findings, the most severe first; findings of one severity have a fixed order
 */
public record Diagnosis(
        String nodeId,
        Flavour flavour,
        String version,
        ReplicationRole role,
        long keys,
        long volatileKeys,
        MemoryState memory,
        List<ReplicaState> replicas,
        Map<String, String> settings,
        @Nullable String method,
        String methodReason,
        @Nullable String userCommand,
        SweepCost cost,
        @Nullable Long dead,
        @Nullable Advice advice,
        List<Finding> findings) {

    /** The value of a setting that the server does not report. */
    public static final String UNKNOWN = ServerSettings.UNKNOWN;

    public Diagnosis {
        replicas = List.copyOf(replicas);
        findings = List.copyOf(findings);
    }

    /** Names the replication role of a server. */
    public enum ReplicationRole {
        /** The server accepts writes, so a sweep can remove keys there. */
        PRIMARY,
        /** The server copies the keys of a primary and removes no expired keys itself. */
        REPLICA
    }

    /**
     * Returns this diagnosis with more findings and another proposed user. All findings are sorted again, the most
     * severe first.
     *
     * @param more the additional findings
     * @param newUserCommand replaces {@link #userCommand}
     */
    public Diagnosis with(List<Finding> more, @Nullable String newUserCommand) {
        // The former values are known, so advice to set the defaults would be wrong.
        boolean hasFormerSettings =
                more.stream().anyMatch(finding -> finding.id().equals("assist-settings-raised"));
        List<Finding> allFindings = Stream.concat(findings.stream(), more.stream())
                .filter(finding -> !hasFormerSettings || !finding.id().equals(LoadChecks.SUSPECTED_SETTINGS))
                .sorted(Comparator.comparing(Finding::severity).reversed())
                .toList();
        return new Diagnosis(
                nodeId,
                flavour,
                version,
                role,
                keys,
                volatileKeys,
                memory,
                replicas,
                settings,
                method,
                methodReason,
                newUserCommand,
                cost,
                dead,
                advice,
                allFindings);
    }

    /** Returns whether no finding is a problem, so that a sweep would be allowed and would reclaim keys. */
    public boolean sweepable() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.PROBLEM);
    }
}
