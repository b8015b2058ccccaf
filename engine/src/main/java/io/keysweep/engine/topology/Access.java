package io.keysweep.engine.topology;

import org.jspecify.annotations.Nullable;

/**
 * What it takes to get into a node, the same for every node of a deployment.
 *
 * @param credentials user and password, possibly none
 * @param tls how the connection is encrypted, or null for plain text
 */
public record Access(Credentials credentials, @Nullable Tls tls) {

    /** Plain text and no authentication. */
    public static final Access OPEN = new Access(Credentials.NONE, null);

    /** The same credentials over TLS in this way. */
    public Access withTls(Tls other) {
        return new Access(credentials, other);
    }
}
