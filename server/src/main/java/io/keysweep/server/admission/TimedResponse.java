package io.keysweep.server.admission;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Starts the time limit of a response whenever the service gets the stream or the writer for its content. An event
 * stream does so before each event.
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
