package io.keysweep.api;

import java.util.List;

/**
 * Is returned by {@code GET /api/v1/audit/verify}, and says whether the stored audit log is complete and unchanged.
 *
 * @param intact whether no problem was found
 * @param entries number of entries that were verified
 * @param first sequence number of the oldest entry, or -1 if there is none
 * @param last sequence number of the newest entry
 * @param head hash of the newest entry
 * @param publicKey public key of the signatures: Ed25519 as X.509 in Base64
 * @param problems the problems, at most 100
 * @param omittedProblems number of problems that are not listed
 */
public record AuditVerification(
        boolean intact,
        long entries,
        long first,
        long last,
        String head,
        String publicKey,
        List<AuditProblem> problems,
        long omittedProblems) {

    public AuditVerification {
        problems = List.copyOf(problems);
    }
}
