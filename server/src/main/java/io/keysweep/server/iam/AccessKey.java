package io.keysweep.server.iam;

import java.util.Set;

/**
 * Holds a stored access key: its id, its secret and its permissions.
 *
 * @param id access key id (AK)
 * @param projectId id of the project that the key acts for
 * @param secret secret access key (SK)
 * @param actions IAM names of the permitted actions
 */
record AccessKey(String id, String projectId, SecretAccessKey secret, Set<String> actions) {

    Caller caller() {
        return new Caller(id, projectId, actions);
    }
}
