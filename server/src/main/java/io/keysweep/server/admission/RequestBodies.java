package io.keysweep.server.admission;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.springframework.stereotype.Component;

/**
 * Reads the bodies of requests into memory, within limits of time and memory for all bodies together.
 *
 * <p>Memory is counted as bytes arrive, so a client that announces a large body and sends nothing takes none of it.
 * Thread-safe.
 */
@Component
public final class RequestBodies {

    /** Part of the heap that bodies may use, with the documents that are made of them. */
    private static final int HEAP_PART = 4;

    /** Memory of a body and of its JSON document, as a multiple of the body. */
    private static final int EXPANSION = 6;

    /** Body size from which a body is large. A quarter of the memory is reserved for others. */
    private static final int LARGE = 64 * 1024;

    /** Memory for bodies in a small heap, so that the largest document still fits. */
    private static final long MIN_LIMIT = 12 * 1024 * 1024;

    private static final int CHUNK = 16 * 1024;
    private static final String RESERVED = RequestBodies.class.getName();

    private final long limit;
    private long used;

    RequestBodies() {
        this.limit = Math.max(MIN_LIMIT, Runtime.getRuntime().maxMemory() / HEAP_PART / EXPANSION);
    }

    /**
     * Reads the whole body of a request. Its memory is counted until the request ends.
     *
     * @param maxBytes maximum size of the body
     * @throws RequestRefusedException if the body is too large, too slow or malformed, or if the bodies of all requests
     *     together need too much memory
     */
    public byte[] read(HttpServletRequest request, int maxBytes) {
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (!hasBody(request)) {
            return new byte[0];
        }
        ClientConnection connection = ClientConnection.current();
        connection.receive();
        try {
            return readChunks(request, maxBytes, connection);
        } catch (IOException e) {
            if (connection.hasEnded() || e.getCause() instanceof SocketTimeoutException) {
                throw RequestRefusedException.of(ErrorCode.REQUEST_TIMEOUT, "The body did not arrive in time.");
            }
            throw RequestRefusedException.of(ErrorCode.MALFORMED_BODY, "It ends early, or its chunks are malformed.");
        } finally {
            connection.serve();
        }
    }

    /** Returns whether a request has a body, judged by its head. */
    public static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private byte[] readChunks(HttpServletRequest request, int maxBytes, ClientConnection connection)
            throws IOException {
        InputStream in = request.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            // A client can send a body without its length, so the length counts only after reading.
            if (body.size() + read > maxBytes) {
                throw tooLarge(maxBytes);
            }
            reserve(request, body.size() + read > LARGE, read);
            body.write(chunk, 0, read);
            connection.received(body.size());
        }
        return body.toByteArray();
    }

    private synchronized void reserve(HttpServletRequest request, boolean large, int bytes) {
        if (used + bytes > (large ? limit / 4 * 3 : limit)) {
            throw RequestRefusedException.of(
                    ErrorCode.OVERLOADED, "The bodies of other requests take too much memory at present.");
        }
        used += bytes;
        request.setAttribute(RESERVED, reserved(request) + bytes);
    }

    /** Ends the account of a request whose body may have been read. Does nothing the second time. */
    public synchronized void release(HttpServletRequest request) {
        used -= reserved(request);
        request.removeAttribute(RESERVED);
    }

    private static long reserved(HttpServletRequest request) {
        return request.getAttribute(RESERVED) instanceof Long bytes ? bytes : 0;
    }

    private static RequestRefusedException tooLarge(int limit) {
        return RequestRefusedException.of(ErrorCode.BODY_TOO_LARGE, "The limit for this URL is " + limit + " bytes.");
    }
}
