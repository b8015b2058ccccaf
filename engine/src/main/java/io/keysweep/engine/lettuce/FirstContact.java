package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.lettuce.core.protocol.RedisProtocolException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads why the first contact with a node fails.
 *
 * @param nodeId {@code host:port}
 * @param tls whether encryption was asked for
 */
record FirstContact(String nodeId, boolean tls) {

    NodeRefusedException silent(Duration waited) {
        return refused(
                Reason.NOT_REDIS,
                "accepts connections but has said nothing for " + waited.toSeconds()
                        + " s: no Redis server" + (tls ? "" : ", one that wants TLS (rediss://),")
                        + " or one that hangs");
    }

    NodeRefusedException failed(Throwable error) {
        if (find(error, SSLException.class) != null) {
            return refused(Reason.NOT_REDIS, "does not complete the TLS handshake: " + deepest(error));
        }
        if (find(error, UnknownHostException.class) != null) {
            return refused(Reason.UNREACHABLE, "cannot be found: the host name is unknown");
        }
        if (find(error, RedisProtocolException.class) != null) {
            return refused(
                    Reason.NOT_REDIS, "does not answer in the Redis protocol; is the port that of another service?");
        }
        ConnectException connect = find(error, ConnectException.class);
        if (connect != null) {
            return refused(Reason.UNREACHABLE, "accepts no connection: " + connect.getMessage());
        }
        return refused(
                Reason.UNREACHABLE,
                "closed the connection before it answered" + (tls ? "" : "; does it want TLS (rediss://)?"));
    }

    NodeRefusedException refused(Reason reason, String what) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + what);
    }

    private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
        }
        return null;
    }

    private static @Nullable String deepest(Throwable error) {
        Throwable e = error;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            e = cause;
        }
        return e.getMessage();
    }
}
