package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.TokenIssuer;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the Server-Sent Events of a scan, and what ends their stream.
 *
 * <p>A client watches a scan: the service sends an event for each change, until the scan or the right of the client
 * ends.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScanEventsIT {

    /** The number of streams that one access key may have at the same time. */
    private static final int STREAMS_PER_KEY = 4;

    private RedisServer redis;
    private TestService service;
    private ScanWatcher watcher;
    private Credentials key;
    private String path = "";

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of("KEYSWEEP_LIMITS_STREAMS_PER_KEY", String.valueOf(STREAMS_PER_KEY)));
        watcher = new ScanWatcher(service);
    }

    @BeforeEach
    void createSlowScan() {
        if (!path.isEmpty()) {
            service.call(service.administrator(), "POST", path + "/cancel", "");
        }
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 10_000);

        // Each test has its own key, because the service notices up to 15 s late that the streams of the previous test
        // are closed, and the number of streams of a key is limited.
        Credentials admin = service.administrator();
        key = service.newKey(admin, admin.projectId(), "{\"actions\":[\"*\"]}");
        String instanceId = service.register(key, "watched-" + redis.port(), redis.uri());
        String scan = "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}";
        path = "/api/v1/scans/"
                + service.call(key, "POST", "/api/v1/scans", scan).id();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @AfterAll
    void stop() {
        watcher.close();
        service.close();
    }

    @Test
    void events_followTheScanToItsEnd_andContinueAfterTheLastOneSeen() throws Exception {
        // The client watches a pause and its end, and then loses its connection.
        List<ScanWatcher.Event> events = new ArrayList<>();
        try (Stream<String> lines = watcher.watch(key, path)) {
            Iterator<String> from = lines.iterator();
            ScanWatcher.read(from, events, scan -> scan.get("visited").asLong() > 0);
            service.call(key, "POST", path + "/pause", "{\"reason\":\"look\"}");
            ScanWatcher.read(from, events, scan -> scan.has("pause"));
            service.call(key, "POST", path + "/resume", "");
            ScanWatcher.read(from, events, scan -> !scan.has("pause"));
        }

        // A client that reconnects after an old event gets the newest event immediately, and no event in between.
        ScanWatcher.Event last = events.getLast();
        try (Stream<String> lines =
                watcher.watchAfter(key, path, events.getFirst().id())) {
            List<ScanWatcher.Event> eventsAfterReconnect = new ArrayList<>();
            ScanWatcher.read(lines.iterator(), eventsAfterReconnect, scan -> true);
            assertThat(eventsAfterReconnect.getFirst().scan().get("visited").asLong())
                    .isGreaterThanOrEqualTo(last.scan().get("visited").asLong());
        }

        // A client continues after the last event that it has seen.
        try (Stream<String> lines = watcher.watchAfter(key, path, last.id())) {
            service.call(key, "POST", path + "/cancel", "{\"reason\":\"seen enough\"}");
            Iterator<String> from = lines.iterator();
            ScanWatcher.read(from, events, scan -> scan.has("finishedAt"));

            // The stream ends with the scan.
            from.forEachRemaining(line -> assertThat(line).isEmpty());
        }

        assertThat(events.getLast().scan().get("failure").asString()).endsWith(": seen enough");
        assertThat(events.getLast().scan())
                .isEqualTo(service.call(key, "GET", path, "").body());

        // Two consecutive events never have the same id. Other events can have the same id: after a pause without
        // progress the scan is as it was before.
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).id()).isNotEqualTo(events.get(i - 1).id());
        }
        assertThat(events)
                .extracting(event -> event.scan().get("visited").asLong())
                .isSorted();

        // After the last event, no stream is opened.
        HttpResponse<Stream<String>> noStream =
                watcher.openAfter(key, path, events.getLast().id());
        noStream.body().close();

        assertThat(noStream.statusCode()).isEqualTo(204);
    }

    @Test
    void events_ofAnUnknownScanOrInTooManyStreams_areRefused() throws Exception {
        // The key opens as many streams as it may have, and then one more.
        List<Stream<String>> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS_PER_KEY; i++) {
            streams.add(watcher.watch(key, path));
        }
        HttpResponse<Stream<String>> tooMany = watcher.openAfter(key, path, /* lastEventId= */ "");
        tooMany.body().close();

        assertThat(tooMany.statusCode()).isEqualTo(429);
        assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("1");

        // No scan has this id.
        streams.forEach(Stream::close);
        HttpResponse<Stream<String>> refusal = watcher.openAfter(key, "/api/v1/scans/nonsense", /* lastEventId= */ "");
        refusal.body().close();

        assertThat(refusal.statusCode()).isEqualTo(404);
        assertThat(refusal.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void withdrawal_ofAKeyThatWatches_endsItsStreamOnly() throws Exception {
        Credentials secondKey = service.newKey(key, key.projectId(), "{\"actions\":[\"dcs:instance:analyze\"]}");
        service.call(key, "POST", path + "/pause", "");

        // The administrator watches the scan, and so does a second key, which is then withdrawn.
        try (Stream<String> others = watcher.watch(key, path)) {
            try (Stream<String> lines = watcher.watch(secondKey, path)) {
                Iterator<String> from = lines.iterator();
                ScanWatcher.read(from, new ArrayList<>(), scan -> scan.has("pause"));
                Instant withdrawn = InstantSource.system().instant();

                assertThat(service.call(
                                        key,
                                        "DELETE",
                                        "/api/v1/projects/" + key.projectId() + "/access-keys/" + secondKey.accessKey(),
                                        "")
                                .status())
                        .isEqualTo(204);

                while (from.hasNext()) {
                    from.next();
                }
                assertThat(Duration.between(withdrawn, InstantSource.system().instant()))
                        .isLessThan(Duration.ofMinutes(1));
            }

            // The stream of the administrator still has the next event.
            service.call(key, "POST", path + "/resume", "");
            ScanWatcher.read(others.iterator(), new ArrayList<>(), scan -> !scan.has("pause"));
        }
    }

    @Test
    void expiry_ofTheTokenThatWatches_endsItsStream() throws Exception {
        service.call(key, "POST", path + "/pause", "");
        Instant expiry = InstantSource.system().instant().plusSeconds(20);
        String token = service.bean(TokenIssuer.class).issue(key.accessKey(), key.projectId(), expiry);
        try (Stream<String> lines = watcher.watchWithToken(token, path)) {
            // The paused scan does not end, so only the expiry can end the stream.
            lines.forEach(line -> {});
        }
        assertThat(InstantSource.system().instant()).isAfterOrEqualTo(expiry);
        assertThat(service.call(key, "GET", path, "").body().has("finishedAt")).isFalse();
    }

    @Test
    void newPassword_ofAUserThatWatches_endsItsStream() throws Exception {
        service.call(key, "POST", path + "/pause", "");
        String users = "/api/v1/projects/" + key.projectId() + "/users";
        String name = "watcher-" + redis.port();
        service.call(
                key,
                "POST",
                users,
                "{\"name\":\"" + name + "\",\"password\":\"correct horse battery\",\"policies\":[\"viewer\"]}");

        // The user watches with a token.
        CallerLookup callers = service.bean(CallerLookup.class);
        String token = service.bean(TokenIssuer.class)
                .issue(
                        callers.find(name).orElseThrow().subject(),
                        key.projectId(),
                        InstantSource.system().instant().plus(Duration.ofHours(1)));
        try (Stream<String> lines = watcher.watchWithToken(token, path)) {
            Iterator<String> from = lines.iterator();
            ScanWatcher.read(from, new ArrayList<>(), scan -> scan.has("pause"));

            assertThat(service.call(key, "PATCH", users + "/" + name, "{\"password\":\"another horse battery\"}")
                            .status())
                    .isEqualTo(200);

            // The paused scan does not end, so only the new password can end the stream.
            from.forEachRemaining(line -> {});
        }

        assertThat(service.call(key, "GET", path, "").body().has("finishedAt")).isFalse();
    }

    @Test
    void headRequest_ofAStream_doesNotCountAsAStream() throws Exception {
        for (int i = 0; i < STREAMS_PER_KEY; i++) {
            assertThat(watcher.head(key, path)).isEqualTo(200);
        }
        watcher.watch(key, path).close();
    }

    @Test
    void stream_thatFailsBeforeItsFirstEvent_givesItsPermitBack() throws Exception {
        ScanEventController controller = service.bean(ScanEventController.class);
        Caller caller = service.bean(CallerLookup.class).find(key.accessKey()).orElseThrow();
        String id = path.substring(path.lastIndexOf('/') + 1);
        // If a failed stream kept its permit, the request after the last permit would be refused.
        for (int i = 0; i < STREAMS_PER_KEY + 1; i++) {
            assertThatThrownBy(() ->
                            controller.events(caller, id, /* lastEventId= */ null, emptyRequest(), failingResponse()))
                    .hasMessage("no response");
        }
        watcher.watch(key, path).close();
    }

    @Test
    @Order(Integer.MAX_VALUE) // No test can follow the stop.
    void stop_ofTheService_endsTheStreams() throws Exception {
        try (Stream<String> lines = watcher.watch(key, path)) {
            Iterator<String> from = lines.iterator();
            ScanWatcher.read(from, new ArrayList<>(), scan -> true);
            service.close();
            while (from.hasNext()) {
                from.next();
            }
        }
    }

    /** Returns a request without any header, so also without a token. */
    private static HttpServletRequest emptyRequest() {
        return proxy(HttpServletRequest.class, (proxy, method, arguments) -> null);
    }

    /** Returns a response that throws an exception at each call. */
    private static HttpServletResponse failingResponse() {
        return proxy(HttpServletResponse.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("no response");
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
