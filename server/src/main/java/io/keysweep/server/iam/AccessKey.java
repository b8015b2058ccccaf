package io.keysweep.server.iam;

import java.util.Set;

/**
 * An access key as it is stored.
 *
 * @param id access key id (AK)
 * @param projectId the project that it acts for
 * @param secret secret access key (SK)
 * @param actions what it may do
 */
record AccessKey(String id, String projectId, SecretAccessKey secret, Set<String> actions) {

    Caller caller() {
        return new Caller(id, projectId, actions);
    }
}
