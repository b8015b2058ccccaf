package io.keysweep.server.error;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.buf.MessageBytes;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;

/**
 * Answers requests that Tomcat refuses before any code of the service runs, such as a malformed request line.
 *
 * <p>The response has the form of a DCS error instead of Tomcat's own error page. The path of such a request is often
 * not known, so all APIs share this form. The class and its constructor are public because Tomcat creates it by name.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
public final class JsonErrorValve extends ErrorReportValve {

    /**
     * Refuses two kinds of requests that Tomcat itself accepts, before a filter sees them: requests of HTTP/0.9, and
     * requests whose path has a malformed escape in a parameter, such as {@code ;a=b%z}.
     */
    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (response.isError()) {
            // Tomcat has refused the request already, so no filter sees it. The superclass calls report() for it.
            super.invoke(request, response);
        } else if (isVersionMissing(request)) {
            refuse(request, response, HttpServletResponse.SC_HTTP_VERSION_NOT_SUPPORTED);
        } else if (isMalformed(request.getRequestURI())) {
            refuse(request, response, HttpServletResponse.SC_BAD_REQUEST);
        } else {
            super.invoke(request, response);
        }
    }

    private void refuse(Request request, Response response, int status) {
        response.setStatus(status);
        response.setError();
        report(request, response, /* thrown= */ null);
    }

    /**
     * Returns whether the request line has no version of HTTP. Tomcat treats this as HTTP/0.9, whose responses have no
     * status line and no headers.
     */
    private static boolean isVersionMissing(Request request) {
        MessageBytes version = request.getCoyoteRequest().protocol();
        // Null means that Tomcat could not read the request line. Tomcat answers such a request in HTTP/1.1.
        return !version.isNull() && version.equals("");
    }

    private static boolean isMalformed(@Nullable String path) {
        try {
            PathContainer.parsePath(path == null ? "" : path);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        // There is nothing to do for a success, for a response that is already partly written, or if the error is
        // reported already: setErrorReported returns true only at its first call.
        if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }

        RequestRefusedException refusal =
                ContainerErrors.refusal(response.getStatus(), request.getRequestURI(), request);
        // Code and message are constants of ErrorCode and ContainerErrors. They contain nothing that JSON escapes.
        byte[] json = ("{\"error_code\":\"" + refusal.code().code() + "\",\"error_msg\":\"" + refusal.getMessage()
                        + "\",\"error_ext_msg\":null}")
                .getBytes(StandardCharsets.UTF_8);

        response.setStatus(refusal.code().status());
        response.setContentType("application/json");
        if (!isVersionMissing(request)) {
            response.setContentLength(json.length);
        }
        // RequestIdFilter has not run for this request. Clients expect the header on every response.
        response.setHeader(RequestIdFilter.HEADER, UUID.randomUUID().toString());

        try {
            if (isVersionMissing(request)) {
                // Tomcat writes neither a status line nor headers for HTTP/0.9, but every client of today expects them.
                response.getOutputStream().write(head(response, json.length));
            }
            response.getOutputStream().write(json);
            response.finishResponse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns status line and headers of a response. */
    private static byte[] head(Response response, int length) {
        return ("HTTP/1.1 " + response.getStatus() + " \r\nContent-Type: application/json\r\nContent-Length: " + length
                        + "\r\n" + RequestIdFilter.HEADER + ": " + response.getHeader(RequestIdFilter.HEADER)
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
