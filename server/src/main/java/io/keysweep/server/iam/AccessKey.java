package io.keysweep.server.iam;

import java.util.Set;

/**
 * Describes an access key, with which a caller authenticates its requests. {@link IamStore} stores the keys.
 *
 * @param id access key id (AK), which is not secret
 * @param projectId id of the project that the key acts for
 * @param secret secret access key (SK), decrypted
 * @param actions IAM names of the permitted actions, such as {@code dcs:instance:list}; {@code *} permits everything
 */
record AccessKey(String id, String projectId, SecretAccessKey secret, Set<String> actions) {

    /** Returns the caller that this key identifies; a caller has no secret. */
    Caller caller() {
        return new Caller(id, projectId, actions);
    }
}
