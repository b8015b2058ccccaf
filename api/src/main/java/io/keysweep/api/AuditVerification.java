package io.keysweep.api;

import java.util.List;

/**
 * Says whether an audit log is complete and unchanged; {@code GET /api/v1/audit/verify} returns it for the stored log.
 *
 * <p>The command line also creates this record for a file that contains a part of a log.
 *
 * @param intact whether no problem was found
 * @param entries number of entries that were verified
 * @param first sequence number of the oldest entry; -1 if there is no entry
 * @param last sequence number of the newest entry; 0 if there is no entry
 * @param head hash of the newest entry; 64 zeros if there is none
 * @param publicKey public key that verifies the signatures, an Ed25519 key as X.509 in Base64; empty for a file whose
 *     signatures were not checked
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
