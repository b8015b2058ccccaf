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

    /** Bodies, with the documents that are made of them, may use one part in this many of the heap. */
    private static final int HEAP_PARTS = 4;

    /** Memory of a body together with its JSON document, as a multiple of the body's size. */
    private static final int EXPANSION = 6;

    /** The size in bytes above which a body is large. They are refused once three quarters of the memory are used. */
    private static final int LARGE_BYTES = 64 * 1024;

    /** Bytes of bodies that a small heap must hold, so that the largest document still fits. */
    private static final long MIN_LIMIT_BYTES = 12 * 1024 * 1024;

    /** The number of bytes that are read at once. */
    private static final int CHUNK_BYTES = 16 * 1024;

    /** The attribute of a request that holds how many bytes are counted for it. */
    private static final String RESERVED_BYTES = RequestBodies.class.getName();

    private final long limitBytes;
    private long usedBytes;

    RequestBodies() {
        this.limitBytes = Math.max(MIN_LIMIT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS / EXPANSION);
    }

    /**
     * Reads the whole body of a request. The caller must call {@link #release} when the request ends; until then the
     * memory of the body counts.
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
        connection.beginBody();
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

    /** Returns whether the head of a request announces a body. */
    public static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private byte[] readChunks(HttpServletRequest request, int maxBytes, ClientConnection connection)
            throws IOException {
        InputStream in = request.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            // A client can send a body without its length, so the length counts only after reading.
            if (body.size() + read > maxBytes) {
                throw tooLarge(maxBytes);
            }
            reserve(request, body.size() + read > LARGE_BYTES, read);
            body.write(chunk, 0, read);
            connection.extendBodyTime(body.size());
        }
        return body.toByteArray();
    }

    /** Counts bytes that have arrived; refuses the request if the bodies of all requests would need too much memory. */
    private synchronized void reserve(HttpServletRequest request, boolean isLarge, int bytes) {
        long limit = isLarge ? limitBytes / 4 * 3 : limitBytes;
        if (usedBytes + bytes > limit) {
            throw RequestRefusedException.of(
                    ErrorCode.OVERLOADED, "The bodies of other requests take too much memory at present.");
        }
        usedBytes += bytes;
        request.setAttribute(RESERVED_BYTES, reservedBytes(request) + bytes);
    }

    /** Stops counting the memory of a request's body. Does nothing without a body, or the second time. */
    public synchronized void release(HttpServletRequest request) {
        usedBytes -= reservedBytes(request);
        request.removeAttribute(RESERVED_BYTES);
    }

    private static long reservedBytes(HttpServletRequest request) {
        return request.getAttribute(RESERVED_BYTES) instanceof Long bytes ? bytes : 0;
    }

    private static RequestRefusedException tooLarge(int limit) {
        return RequestRefusedException.of(ErrorCode.BODY_TOO_LARGE, "The limit for this URL is " + limit + " bytes.");
    }
}
