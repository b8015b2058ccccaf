package io.keysweep.server.iam;

import java.util.Set;

/**
 * Describes an access key as the database stores it; the key authenticates the requests of a caller.
 *
 * @param id access key id (AK)
 * @param projectId id of the project that the key acts for
 * @param secret secret access key (SK)
 * @param actions IAM names of the permitted actions, such as {@code dcs:instance:list}
 */
record AccessKey(String id, String projectId, SecretAccessKey secret, Set<String> actions) {

    /** Returns the caller that this key identifies; a caller has no secret. */
    Caller caller() {
        return new Caller(id, projectId, actions);
    }
}
