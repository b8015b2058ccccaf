package io.keysweep.cli.service;

import java.net.URI;

/**
 * Where a service is and how to get in.
 *
 * @param endpoint scheme, host and port, for example {@code http://127.0.0.1:8379}
 * @param projectId 32 hex characters
 * @param accessKey access key id (AK)
 * @param secretKey secret access key (SK)
 */
public record ServiceAccess(URI endpoint, String projectId, String accessKey, String secretKey) {

    /** Never shows the secret key. */
    @Override
    public String toString() {
        return "ServiceAccess[endpoint=" + endpoint + ", projectId=" + projectId + ", accessKey=" + accessKey + "]";
    }
}
