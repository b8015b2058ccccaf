package io.keysweep.engine.topology;

import org.jspecify.annotations.Nullable;

/**
 * Holds everything that a connection to a node needs in addition to the node's address: the credentials and the TLS
 * settings.
 *
 * @param credentials user and password; {@link Credentials#NONE} if the nodes require none
 * @param tls the TLS settings, or null for plain text
 */
public record Access(Credentials credentials, @Nullable Tls tls) {

    /** The access without TLS and without authentication. */
    public static final Access OPEN = new Access(Credentials.NONE, /* tls= */ null);

    /** Returns an access with the same credentials and the given TLS settings. */
    public Access withTls(Tls tls) {
        return new Access(credentials, tls);
    }
}
