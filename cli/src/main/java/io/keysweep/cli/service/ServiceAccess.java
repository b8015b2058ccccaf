package io.keysweep.cli.service;

import java.net.URI;

/**
 * Holds the address of a service and the access key to call it with.
 *
 * @param endpoint scheme, host and port, for example {@code http://127.0.0.1:8379}
 * @param projectId 32 hex characters
 * @param accessKey access key id (AK)
 * @param secretKey secret access key (SK)
 */
public record ServiceAccess(URI endpoint, String projectId, String accessKey, String secretKey) {

    /** Returns the components without the secret key. */
    @Override
    public String toString() {
        return "ServiceAccess[endpoint=" + endpoint + ", projectId=" + projectId + ", accessKey=" + accessKey + "]";
    }
}
