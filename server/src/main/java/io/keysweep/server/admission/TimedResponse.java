package io.keysweep.server.admission;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Starts the time limit for a response when the service gets the response's stream or writer.
 *
 * <p>The service gets the stream again before each event of an event stream, so the limit applies to each event.
 */
final class TimedResponse extends HttpServletResponseWrapper {

    private final ClientConnection connection;

    TimedResponse(HttpServletResponse response, ClientConnection connection) {
        super(response);
        this.connection = connection;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        connection.send();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        connection.send();
        return super.getWriter();
    }
}
