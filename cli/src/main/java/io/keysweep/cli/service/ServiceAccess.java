package io.keysweep.cli.service;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Says where a service listens and which access key signs the requests to it.
 *
 * @param endpoint scheme, host and port of the service without a path, for example {@code http://127.0.0.1:8379}
 * @param projectId id of the access key's project, 32 hex characters; empty without an access key
 * @param accessKey access key id (AK); empty for requests that are not signed
 * @param secretKey secret access key (SK)
 * @param tls files for an endpoint with {@code https}. If it is null, the client trusts the authorities that Java
 *     trusts, and presents no client certificate
 */
public record ServiceAccess(
        URI endpoint,
        String projectId,
        String accessKey,
        String secretKey,
        @Nullable ServiceTls tls) {

    /** Creates an access without files for TLS. */
    public ServiceAccess(URI endpoint, String projectId, String accessKey, String secretKey) {
        this(endpoint, projectId, accessKey, secretKey, /* tls= */ null);
    }

    /** Returns the components without the secret key. */
    @Override
    public String toString() {
        return "ServiceAccess[endpoint=" + endpoint + ", projectId=" + projectId + ", accessKey=" + accessKey + "]";
    }
}
