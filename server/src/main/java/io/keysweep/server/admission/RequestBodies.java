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
 * Reads the bodies of requests into memory, with a time limit for each body and a memory limit for all together.
 *
 * <p>A signature covers the whole body of a request, so the service must have the body before it knows the caller. The
 * limit of memory keeps unknown clients from filling the heap. Memory is counted as bytes arrive, so a client that
 * announces a large body and sends nothing takes none of it. Thread-safe.
 */
@Component
public final class RequestBodies {

    /**
     * All bodies, with the JSON documents that are read from them, may use the heap divided by this number, that is, a
     * quarter.
     */
    private static final int HEAP_PARTS = 4;

    /** Estimate of the memory of a body together with its JSON document, as a multiple of the body's size. */
    private static final int EXPANSION = 6;

    /**
     * The size in bytes above which a body is large. Large bodies are refused once three quarters of the memory are
     * used, so that small bodies, which most requests have, still find room.
     */
    private static final int LARGE_BYTES = 64 * 1024;

    /**
     * The memory limit of a small heap. Large bodies may use three quarters of it, 9 MiB. That is enough for the
     * largest document, a fleet of 8 MiB.
     */
    private static final long MIN_LIMIT_BYTES = 12 * 1024 * 1024;

    /** The largest number of bytes that one read returns. */
    private static final int CHUNK_BYTES = 16 * 1024;

    /** The name of the request attribute that contains how many bytes are counted for the request. */
    private static final String RESERVED_BYTES = RequestBodies.class.getName();

    /** The largest number of bytes that all bodies together may have. */
    private final long limitBytes;

    /** The bytes of all bodies that were read and not released. Guarded by this object. */
    private long usedBytes;

    RequestBodies() {
        this.limitBytes = Math.max(MIN_LIMIT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS / EXPANSION);
    }

    /**
     * Reads the whole body of a request; blocks until the body has arrived. The result is empty if the head announces
     * no body.
     *
     * <p>The memory of the body is counted until {@link #release}. The caller must call that method when the request
     * ends, also after an exception.
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
            // The body is late for the guard, which limits the whole body, or for Tomcat, which limits each read.
            if (connection.hasEnded() || e.getCause() instanceof SocketTimeoutException) {
                throw RequestRefusedException.of(ErrorCode.REQUEST_TIMEOUT, "The body did not arrive in time.");
            }
            throw RequestRefusedException.of(ErrorCode.MALFORMED_BODY, "It ends early, or its chunks are malformed.");
        } finally {
            connection.serve();
        }
    }

    /** Returns whether the head of a request announces a body that is not empty, or one of unknown length. */
    public static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** Reads the whole body in chunks, and counts the memory of each chunk when it has arrived. */
    private byte[] readChunks(HttpServletRequest request, int maxBytes, ClientConnection connection)
            throws IOException {
        InputStream in = request.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            // A client can send a body without announcing its length, so the length is checked while reading.
            if (body.size() + read > maxBytes) {
                throw tooLarge(maxBytes);
            }
            reserve(request, body.size() + read > LARGE_BYTES, read);
            body.write(chunk, 0, read);
            connection.extendBodyTime(body.size());
        }
        return body.toByteArray();
    }

    /**
     * Counts bytes of a body that have arrived.
     *
     * @param isLarge whether the bytes of the body that have arrived until now are more than {@link #LARGE_BYTES}
     * @throws RequestRefusedException if the bodies of all requests would need too much memory; the bytes are then not
     *     counted
     */
    private synchronized void reserve(HttpServletRequest request, boolean isLarge, int bytes) {
        long limit = isLarge ? limitBytes / 4 * 3 : limitBytes;
        if (usedBytes + bytes > limit) {
            throw RequestRefusedException.of(
                    ErrorCode.OVERLOADED, "The bodies of other requests take too much memory at present.");
        }
        usedBytes += bytes;
        request.setAttribute(RESERVED_BYTES, reservedBytes(request) + bytes);
    }

    /**
     * Stops counting the memory of a request's body. Does nothing if no body was read for the request, or if its memory
     * was released before.
     */
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
