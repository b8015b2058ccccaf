package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.lettuce.core.protocol.RedisProtocolException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads why the first contact with a node fails.
 *
 * @param address where it should be
 * @param tls how encryption was asked for, or null for plain text
 */
record FirstContact(NodeAddress address, @Nullable Tls tls) {

    NodeRefusedException silent(Duration waited) {
        return refused(
                Reason.NOT_REDIS,
                "accepts connections but has said nothing for " + waited.toSeconds()
                        + " s: no Redis server, "
                        + (mayWantTls() ? "one that wants TLS (rediss://), " : "")
                        + "or one that hangs");
    }

    /** Why there is no connection. */
    NodeRefusedException notConnected(Throwable error) {
        if (tls == null || tcpFailed(error)) {
            return failed(error);
        }
        TlsFailure failure = TlsFailure.of(error, tls);
        return refused(failure == null ? TlsFailure.closedInHandshake() : failure);
    }

    /** Why the connection was lost before there was an answer. */
    NodeRefusedException failed(Throwable error) {
        if (tls != null) {
            TlsFailure failure = TlsFailure.of(error, tls);
            if (failure != null) {
                return refused(failure);
            }
        }
        if (Causes.find(error, UnknownHostException.class) != null) {
            return refused(Reason.UNREACHABLE, "cannot be found: the host name is unknown");
        }
        if (Causes.find(error, RedisProtocolException.class) != null) {
            return refused(
                    Reason.NOT_REDIS,
                    "does not answer in the Redis protocol; does it belong to another service"
                            + (mayWantTls() ? ", or does it want TLS (rediss://)?" : "?"));
        }
        // SocketException: a Unix socket tells so of a file that is none.
        SocketException connect = Causes.find(error, SocketException.class);
        if (connect != null && (address.isUnixSocket() || connect instanceof ConnectException)) {
            return refused(Reason.UNREACHABLE, "accepts no connection: " + connect.getMessage());
        }
        if (tls != null) {
            return refused(TlsFailure.closedAfterHandshake(tls));
        }
        return refused(
                Reason.UNREACHABLE,
                "closed the connection before it answered"
                        + (mayWantTls() ? "; does it want TLS (rediss://)?" : "; see the server's log"));
    }

    /** A file that is needed cannot be used. */
    NodeRefusedException unusable(IllegalArgumentException error) {
        return refused(Reason.UNREACHABLE, "cannot be connected to: " + error.getMessage());
    }

    private boolean mayWantTls() {
        return tls == null && !address.isUnixSocket();
    }

    private static boolean tcpFailed(Throwable error) {
        return Causes.find(error, UnknownHostException.class) != null
                || Causes.find(error, ConnectException.class) != null;
    }

    private NodeRefusedException refused(TlsFailure failure) {
        return refused(failure.reason(), failure.what());
    }

    NodeRefusedException refused(Reason reason, String what) {
        return new NodeRefusedException(address.toString(), reason, address + " " + what);
    }
}
