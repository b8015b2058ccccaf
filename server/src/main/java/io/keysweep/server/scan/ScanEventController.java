package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import io.keysweep.server.admission.ClientConnection;
import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves {@code GET /api/v1/scans/{id}/events}, which streams the state of a scan as Server-Sent Events until the scan
 * has ended, or until the access key is withdrawn.
 *
 * <p>Every event contains the complete scan, so a client that was disconnected needs only the newest one. When it
 * reconnects, it sends the id of the last event that it has received, and gets the newest event if that is another one.
 * Each request waits on its own virtual thread.
 */
@RestController
final class ScanEventController {

    /**
     * Interval at which a comment is sent if nothing has changed. It keeps a proxy from closing the connection, and the
     * write fails if the client has disconnected.
     */
    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(15);

    private final ScanAccess access;
    private final ScanViews views;
    private final ScanFeed feed;
    private final ClientLimits limits;
    private final JsonMapper json;

    ScanEventController(ScanAccess access, ScanViews views, ScanFeed feed, ClientLimits limits, JsonMapper json) {
        this.access = access;
        this.views = views;
        this.feed = feed;
        this.limits = limits;
        this.json = json;
    }

    @GetMapping("/api/v1/scans/{id}/events")
    void events(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last,
            HttpServletResponse response)
            throws InterruptedException {
        ScanView view = views.of(access.scan(caller, id, Action.LIST_SCANS));
        boolean seen = eventId(view).equals(last);
        if (seen && view.finishedAt() != null) {
            // The client has the final state. Status 204 makes a browser stop reconnecting.
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        UUID scanId = UUID.fromString(view.id());
        String accessKey = caller.accessKey();
        ClientLimits.Use stream = limits.beginStream(accessKey);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        feed.join(scanId, accessKey);
        try {
            // A line that begins with a colon is a comment, which clients ignore. It sends the headers of the response.
            write(response, seen ? ":\n\n" : event(view));
            while (view.finishedAt() == null && feed.isOpen(accessKey)) {
                ScanView next = feed.next(scanId, accessKey, view, KEEP_ALIVE_INTERVAL);
                if (next == null && !feed.isOpen(accessKey)) {
                    return;
                }
                write(response, next == null ? ":\n\n" : event(next));
                view = next == null ? view : next;
            }
        } catch (IOException e) {
            // The client has disconnected.
        } finally {
            feed.leave(scanId, accessKey);
            stream.close();
        }
    }

    /** Returns an event in the format of Server-Sent Events, ended by an empty line. */
    private String event(ScanView view) {
        return "id: " + eventId(view) + "\nevent: scan\ndata: " + json.writeValueAsString(view) + "\n\n";
    }

    /** Returns the id of an event: a hash of the content, so that every process gives the same state the same id. */
    private String eventId(ScanView view) {
        return UUID.nameUUIDFromBytes(json.writeValueAsBytes(view)).toString();
    }

    private static void write(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
        // The time to send counts for each event, and not while the stream waits for the next one.
        ClientConnection.current().serve();
    }
}
