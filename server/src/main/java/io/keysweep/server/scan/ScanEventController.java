package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import io.keysweep.server.admission.ClientConnection;
import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.TokenExpiry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * Serves {@code GET /api/v1/scans/{id}/events}, which streams the state of a scan as Server-Sent Events.
 *
 * <p>A stream ends when the scan has ended, its access key is withdrawn, its token expires, or the service stops.
 *
 * <p>Every event contains the complete scan, so a client that was disconnected needs only the newest one. When it
 * reconnects, it sends the id of the last event that it has received. It gets the newest event at once if the scan has
 * changed since, and otherwise at the next change. {@link ScanFeed} reads the scans for all streams together. Each
 * request waits on its own virtual thread.
 */
@RestController
final class ScanEventController {

    /**
     * Interval at which a comment is sent if nothing has changed. It keeps a proxy from closing the connection, and the
     * write fails if the client has disconnected.
     */
    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(15);

    /** A line that begins with a colon is a comment, which clients ignore; an empty line ends it. */
    private static final String COMMENT = ":\n\n";

    private final ScanAccess access;
    private final ScanViews views;
    private final ScanFeed feed;
    private final ClientLimits limits;
    private final JsonMapper json;
    private final InstantSource clock;

    ScanEventController(
            ScanAccess access,
            ScanViews views,
            ScanFeed feed,
            ClientLimits limits,
            JsonMapper json,
            InstantSource clock) {
        this.access = access;
        this.views = views;
        this.feed = feed;
        this.limits = limits;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping("/api/v1/scans/{id}/events")
    @SuppressWarnings("try") // The permit only needs to be closed.
    void events(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws InterruptedException {
        ScanView view = views.of(access.scan(caller, id, Action.LIST_SCANS));
        boolean isUpToDate = eventId(view).equals(lastEventId);
        if (isUpToDate && view.finishedAt() != null) {
            // The client has the final state. Status 204 makes a browser stop reconnecting.
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        String accessKey = caller.accessKey();
        Instant tokenExpiry = TokenExpiry.of(request).orElse(Instant.MAX);
        try (ClientLimits.Use permit = limits.beginStream(accessKey)) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            UUID scanId = UUID.fromString(view.id());
            feed.join(scanId, accessKey);
            try {
                // The comment sends the response's headers, which a client waits for.
                write(response, isUpToDate ? COMMENT : event(view));
                stream(view, accessKey, tokenExpiry, response);
            } catch (IOException e) {
                // The client has disconnected.
            } finally {
                feed.leave(scanId, accessKey);
            }
        }
    }

    /**
     * Sends the newest view of a scan after each change, and a comment if nothing changes for long.
     *
     * @param firstView the view that the client has
     * @param tokenExpiry when the client's token expires, which ends the stream
     */
    private void stream(ScanView firstView, String accessKey, Instant tokenExpiry, HttpServletResponse response)
            throws IOException, InterruptedException {
        UUID scanId = UUID.fromString(firstView.id());
        ScanView latest = firstView;
        while (latest.finishedAt() == null && feed.isOpen(accessKey)) {
            ScanView next = feed.next(scanId, accessKey, latest, patience(tokenExpiry));
            boolean hasExpired = !clock.instant().isBefore(tokenExpiry);
            boolean hasClosed = next == null && !feed.isOpen(accessKey);
            if (hasExpired || hasClosed) {
                return;
            }
            write(response, next == null ? COMMENT : event(next));
            latest = next == null ? latest : next;
        }
    }

    /** Returns how long to wait for a change: until the next comment, or until the token expires if that is sooner. */
    private Duration patience(Instant tokenExpiry) {
        Instant now = clock.instant();
        return tokenExpiry.isBefore(now.plus(KEEP_ALIVE_INTERVAL))
                ? Duration.between(now, tokenExpiry)
                : KEEP_ALIVE_INTERVAL;
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
