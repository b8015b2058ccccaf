package io.keysweep.cli.service;

import java.net.URI;

/**
 * Says where a service listens and which access key signs the requests to it.
 *
 * @param endpoint scheme, host and port of the service, for example {@code http://127.0.0.1:8379}
 * @param projectId id of the access key's project, 32 hex characters
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
