package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.lettuce.core.protocol.RedisProtocolException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Explains to the user why a connection could not be opened, or broke before the node's first reply.
 *
 * <p>Each method creates an exception for the caller to throw. The message names the node, the cause and, if one is
 * known, the remedy.
 *
 * @param address the node's address
 * @param tls the TLS settings of the connection, or null for plain text
 */
record ConnectionFailures(NodeAddress address, @Nullable Tls tls) {

    /**
     * Explains that the node accepted the connection but sent nothing.
     *
     * @param waitTime how long the connection has waited for a reply; the message shows whole seconds
     */
    NodeRefusedException noReply(Duration waitTime) {
        return refusal(
                Reason.NOT_REDIS,
                "accepts connections but has sent nothing for " + waitTime.toSeconds()
                        + " s: it is not a Redis server, "
                        + (mayRequireTls() ? "requires TLS (rediss://), " : "")
                        + "or hangs");
    }

    /** Explains why the connection, including the TLS handshake if TLS is used, could not be established. */
    NodeRefusedException notConnected(Throwable error) {
        // If TCP failed, the TLS handshake had not begun, so it cannot be the cause.
        if (tls == null || tcpFailed(error)) {
            return lostBeforeReply(error);
        }
        TlsFailure failure = TlsFailure.of(error, tls);
        // If there is no other cause, the node has closed the connection during the handshake.
        return refusal(failure == null ? TlsFailure.closedInHandshake() : failure);
    }

    /** Explains why the connection was lost before the first reply, or why TCP could not be connected. */
    NodeRefusedException lostBeforeReply(Throwable error) {
        // The most specific cause comes first, since Lettuce wraps some of these exceptions in one another.
        if (tls != null) {
            TlsFailure failure = TlsFailure.of(error, tls);
            if (failure != null) {
                return refusal(failure);
            }
        }
        if (ExceptionCauses.find(error, UnknownHostException.class) != null) {
            return refusal(
                    Reason.UNREACHABLE,
                    address.host().indexOf('%') < 0
                            ? "cannot be found: the host name is unknown; check its spelling, and DNS"
                            : "cannot be connected to: this machine has no network interface of that name, which"
                                    + " follows the %; see ip link");
        }

        UnexpectedReplyException unexpectedReply = ExceptionCauses.find(error, UnexpectedReplyException.class);
        if (unexpectedReply != null || ExceptionCauses.find(error, RedisProtocolException.class) != null) {
            return refusal(
                    Reason.NOT_REDIS,
                    (unexpectedReply == null
                                    ? "does not answer in the Redis protocol"
                                    : "sent " + unexpectedReply.getMessage())
                            + "; is it another service"
                            + (mayRequireTls() ? ", or does it require TLS (rediss://)?" : "?"));
        }

        SocketException connectFailure = connectFailure(error);
        if (connectFailure != null) {
            return refusal(
                    Reason.UNREACHABLE,
                    "accepts no connection: " + withoutAddress(String.valueOf(connectFailure.getMessage())));
        }
        if (tls != null) {
            // In TLS 1.3 a server checks the client's certificate only after the client's handshake is complete.
            return refusal(TlsFailure.closedAfterHandshake(tls));
        }

        return refusal(
                Reason.UNREACHABLE,
                "closed the connection before it answered"
                        + (mayRequireTls() ? "; does it require TLS (rediss://)?" : "; see the server's log"));
    }

    /**
     * Explains that the egress policy does not allow the connection.
     *
     * @param obstacle why it is not allowed, as part of a sentence
     */
    NodeRefusedException denied(String obstacle) {
        return refusal(Reason.ADDRESS_DENIED, "must not be connected to: " + obstacle);
    }

    /**
     * Explains that a PEM file or PEM text for the connection, or another setting, is unusable.
     *
     * @param error the message of this exception becomes a part of the result's message
     */
    NodeRefusedException unusable(IllegalArgumentException error) {
        return refusal(Reason.UNREACHABLE, "cannot be connected to: " + error.getMessage());
    }

    /** Returns whether the node may require TLS, which this connection does not use. */
    private boolean mayRequireTls() {
        return tls == null && !address.isUnixSocket();
    }

    /** Returns whether the connection failed before the TLS handshake could begin. */
    private boolean tcpFailed(Throwable error) {
        return ExceptionCauses.find(error, UnknownHostException.class) != null || connectFailure(error) != null;
    }

    /** Returns the exception that says why the socket could not be connected; null if it was connected. */
    private @Nullable SocketException connectFailure(Throwable error) {
        SocketException failure = ExceptionCauses.find(error, SocketException.class);
        if (failure == null) {
            return null;
        }
        // Java throws a plain SocketException for a file that is not a socket, for an unreachable network, and for a
        // connection that is reset later. The exception has a cause only if connecting failed, because Netty wraps it
        // then to add the address.
        boolean isConnectFailure = address.isUnixSocket()
                || failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure.getCause() instanceof SocketException;
        return isConnectFailure ? failure : null;
    }

    /** Returns the message of an exception without the address that Netty appends to it. */
    private static String withoutAddress(String message) {
        int end = message.indexOf(": ");
        return end < 0 ? message : message.substring(0, end);
    }

    private NodeRefusedException refusal(TlsFailure failure) {
        return refusal(failure.reason(), failure.predicate());
    }

    /**
     * Returns an exception for this node.
     *
     * @param reason the kind of refusal
     * @param predicate the part of the message after the node's address, for example {@code accepts no connection}
     */
    NodeRefusedException refusal(Reason reason, String predicate) {
        return new NodeRefusedException(address.toString(), reason, address + " " + predicate);
    }
}
