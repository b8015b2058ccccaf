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
import org.springframework.http.HttpMethod;
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
 * <p>A stream ends when one of these things happens:
 *
 * <ul>
 *   <li>the scan has ended or is deleted;
 *   <li>the access key of the request can no longer be used, or is no longer allowed to read the scan;
 *   <li>the user of the request gets another password, or the token of the request expires;
 *   <li>the client disconnects, or the service stops.
 * </ul>
 *
 * <p>Every event contains the complete scan, so a client that was disconnected needs only the newest event. When a
 * client reconnects, it sends the id of the last event that it has received ({@code Last-Event-ID}). It gets the newest
 * event immediately if the scan has changed since then, and otherwise at the next change. {@link ScanFeed} reads the
 * scans for all streams together, and {@link WatchedScans} passes them on. Each request waits on its own virtual
 * thread.
 */
@RestController
final class ScanEventController {

    /**
     * Interval at which a comment is sent if nothing has changed. The comment keeps a proxy from closing the
     * connection. It also reveals a client that has disconnected, because the write then fails.
     */
    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(15);

    /**
     * The shortest time between two checks of the caller's rights, which can change at any time. The check is made
     * before the next event or comment is sent.
     */
    private static final Duration RIGHTS_CHECK_INTERVAL = Duration.ofSeconds(1);

    /** An empty comment. In Server-Sent Events, a line that begins with a colon is a comment, which clients ignore. */
    private static final String COMMENT = ":\n\n";

    private final ScanAccess access;
    private final ScanViews views;
    private final WatchedScans watched;
    private final ClientLimits limits;
    private final JsonMapper json;
    private final InstantSource clock;

    ScanEventController(
            ScanAccess access,
            ScanViews views,
            WatchedScans watched,
            ClientLimits limits,
            JsonMapper json,
            InstantSource clock) {
        this.access = access;
        this.views = views;
        this.watched = watched;
        this.limits = limits;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Streams the events of a scan, and blocks until the stream ends.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the caller is not allowed to read scans, if the scan
     *     is unknown, or if too many streams are open
     */
    @GetMapping("/api/v1/scans/{id}/events")
    @SuppressWarnings("try") // The body of the try statement does not use the stream, it only has to be closed.
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
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            // A response to HEAD has no body. Without writes, nothing would reveal that the client has disconnected.
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            return;
        }
        String subject = caller.subject();
        Instant tokenExpiry = TokenExpiry.of(request).orElse(Instant.MAX);
        try (ClientLimits.CountedUse openStream = limits.beginStream(caller.accessKey())) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            UUID scanId = UUID.fromString(view.id());
            long joinedAfter = watched.join(scanId, subject);
            try {
                // A client waits for the headers of the response. They are sent with the first write, so a comment is
                // written if there is no event.
                write(response, isUpToDate ? COMMENT : event(view));
                stream(caller, subject, view, joinedAfter, tokenExpiry, response);
            } catch (IOException e) {
                // The client has disconnected, so there is nobody to answer.
            } finally {
                watched.leave(scanId, subject);
            }
        }
    }

    /**
     * Sends the newest view of a scan after each change, and a comment if nothing changes for {@link
     * #KEEP_ALIVE_INTERVAL}. Returns when the stream must end.
     *
     * @param subject subject of the caller, see {@link Caller#subject}
     * @param firstView the view that the client has
     * @param joinedAfter result of {@link WatchedScans#join}
     * @param tokenExpiry when the client's token expires, which ends the stream
     * @throws IOException if the client has disconnected
     */
    private void stream(
            Caller caller,
            String subject,
            ScanView firstView,
            long joinedAfter,
            Instant tokenExpiry,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        UUID scanId = UUID.fromString(firstView.id());
        Instant lastCheck = clock.instant();
        ScanView latestView = firstView;
        while (latestView.finishedAt() == null && watched.isOpen(scanId, subject)) {
            ScanView nextView = watched.next(scanId, subject, joinedAfter, latestView, maxWait(tokenExpiry));
            boolean hasExpired = !clock.instant().isBefore(tokenExpiry);
            boolean hasClosed = nextView == null && !watched.isOpen(scanId, subject);
            if (hasExpired || hasClosed) {
                return;
            }
            Instant now = clock.instant();
            boolean isClockSetBack = now.isBefore(lastCheck);
            if (isClockSetBack || !now.isBefore(lastCheck.plus(RIGHTS_CHECK_INTERVAL))) {
                if (!access.mayStillRead(caller, firstView)) {
                    return;
                }
                lastCheck = now;
            }
            write(response, nextView == null ? COMMENT : event(nextView));
            latestView = nextView == null ? latestView : nextView;
        }
    }

    /**
     * Returns how long to wait for a change: until the next comment, or until the token expires if that is sooner. The
     * result is not positive once the token has expired, so that the caller does not wait.
     */
    private Duration maxWait(Instant tokenExpiry) {
        Instant now = clock.instant();
        return tokenExpiry.isBefore(now.plus(KEEP_ALIVE_INTERVAL))
                ? Duration.between(now, tokenExpiry)
                : KEEP_ALIVE_INTERVAL;
    }

    /** Returns an event in the format of Server-Sent Events, ended by an empty line. */
    private String event(ScanView view) {
        return "id: " + eventId(view) + "\nevent: scan\ndata: " + json.writeValueAsString(view) + "\n\n";
    }

    /**
     * Returns the id of an event: a hash of its JSON document. Every process of the service therefore gives the same
     * state the same id, and a client can reconnect to another process.
     */
    private String eventId(ScanView view) {
        return UUID.nameUUIDFromBytes(json.writeValueAsBytes(view)).toString();
    }

    private static void write(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
        // A write begins a time limit for sending to the client. This call ends the limit, because the stream may now
        // wait for the next event without a limit.
        ClientConnection.current().serve();
    }
}
