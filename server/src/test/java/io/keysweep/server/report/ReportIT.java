package io.keysweep.server.report;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.report.ReportSignature;
import io.keysweep.api.signature.Ed25519;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the signed reports of scans of a real server, in the API and in the console. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportIT {

    private static final String PASSWORD = "only-for-the-server";

    private TestService service;
    private Credentials admin;
    private RedisServer redis;

    /** The path of a scan that has ended. */
    private String endedScan;

    @BeforeAll
    void runScan(SharedServices services) {
        service = services.h2();
        admin = service.newAdministrator("reports");
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.withExpiryOff(redis.client())
                .plant(/* db= */ 0, /* live= */ 100, /* dead= */ 1_000)
                .plant(/* db= */ 3, /* live= */ 10, /* dead= */ 20);
        redis.client().call("CONFIG", "SET", "requirepass", PASSWORD);
        String instance = service.register(
                admin,
                new JsonMapper()
                        .createObjectNode()
                        .put("name", "reported")
                        .put("uri", redis.uri())
                        .put("password", PASSWORD));
        endedScan = create(instance, "");
        await("the scan has ended")
                .until(() -> get(endedScan).body().path("status").asString().equals("success"));

        // The report keeps the name that the instance had when the scan was created.
        assertThat(service.call(admin, "PATCH", "/api/v1/instances/" + instance, "{\"name\":\"renamed\"}")
                        .status())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @Test
    void report_ofAnEndedScan_isCompleteAndSignedByTheService() {
        Answer answer = get(endedScan + "/report");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Disposition")).contains("attachment; filename=\"scan-");
        assertThat(answer.response().body()).doesNotContain(PASSWORD);

        JsonNode report = answer.body().get("report");
        assertThat(report.get("service").asString()).startsWith("keysweep ");
        assertThat(report.get("instance").get("name").asString()).isEqualTo("reported");
        assertThat(report.get("instance").get("uri").asString()).isEqualTo(redis.uri());
        assertThat(report.get("scan").get("ending").asString()).isEqualTo("success");
        assertThat(report.get("scan").get("reclaimed").asLong()).isEqualTo(1_020);
        assertThat(report.get("scan").get("exact").asBoolean()).isTrue();
        assertThat(report.get("scan").get("sweeps").get(0).get("databases"))
                .extracting(database -> database.get("reclaimed").asLong())
                .containsExactly(1_000L, 20L);

        // The timeline begins with the creation of the scan.
        JsonNode created = report.get("timeline").get("events").get(0);
        assertThat(created.get("type").asString()).isEqualTo("created");
        assertThat(created.get("by").asString()).isEqualTo(admin.accessKey());

        // The signature fits this report only.
        ReportSignature signature = signature(answer);
        assertThat(signature.matches(serviceKey(), report.toPrettyString())).isTrue();
        assertThat(signature.matches(serviceKey(), report.toString().replace("1020", "1021")))
                .isFalse();
        assertThat(signature.publicKey()).isEqualTo(publicKey());
    }

    @Test
    void report_asCsv_hasALineForEachDatabase() throws Exception {
        String path = endedScan + "/report?format=csv";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.endpoint() + path));
        service.sign(admin, "GET", path, Map.of(), "").forEach(request::header);
        HttpResponse<String> answer;
        try (HttpClient http = HttpClient.newHttpClient()) {
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/csv"));

        List<String> lines = answer.body().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("scan_id,instance_id,instance_name,status,");
        assertThat(lines.get(1)).contains(",reported,success,", ",true,", ",0,", ",1000,");
        assertThat(lines.get(2)).contains(",3,").contains(",20,");
    }

    @Test
    void report_inAnotherFormat_isRefused() {
        Answer answer = get(endedScan + "/report?format=xml");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.response().body()).contains("format", "'xml'", "json or csv");
    }

    @Test
    void report_ofARunningScan_isRefused() {
        try (RedisServer busy = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(busy.client()).plant(/* db= */ 0, /* live= */ 10_000, /* dead= */ 0);
            String runningScan = create(service.register(admin, "busy", busy.uri()), ",\"rateCeiling\":10");
            Answer answer = get(runningScan + "/report");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.body().get("code").asString()).isEqualTo(ErrorCode.SCAN_NOT_ENDED.code());
            assertThat(answer.response().body()).contains("The report is made when the scan has ended");

            service.call(admin, "POST", runningScan + "/cancel", "{}");
            await("the cancelled scan has a report")
                    .until(() -> get(runningScan + "/report").status() == 200);

            assertThat(get(runningScan + "/report")
                            .body()
                            .path("report")
                            .path("scan")
                            .path("ending")
                            .asString())
                    .isEqualTo("cancelled");
        }
    }

    @Test
    void report_ofAnotherProject_isUnknown() {
        Credentials otherTeam = service.project("no reports");
        assertThat(service.call(otherTeam, "GET", endedScan + "/report", "").status())
                .isEqualTo(404);
        assertThat(service.send("GET", endedScan + "/report", Map.of(), "").status())
                .isEqualTo(401);
    }

    @Test
    void report_inTheConsole_isAPageAndASignedFile() throws Exception {
        ConsoleClient console = new ConsoleClient(service.endpoint());
        console.signIn(admin);
        String path = "/console/scans/" + endedScan.substring(endedScan.lastIndexOf('/') + 1) + "/report";

        assertThat(console.get(path).body())
                .contains("Report of a scan of reported", "1,020", publicKey())
                .doesNotContain(PASSWORD);

        JsonNode file = new JsonMapper().readTree(console.get(path + ".json").body());
        JsonNode signature = file.get("signature");

        assertThat(new ReportSignature(
                                signature.get("algorithm").asString(),
                                signature.get("publicKey").asString(),
                                signature.get("value").asString())
                        .matches(serviceKey(), file.get("report").toString()))
                .isTrue();
        assertThat(console.get(path + ".csv").body()).startsWith("scan_id,");
    }

    /** Returns the key that the service shows for its audit log. */
    private String publicKey() {
        return get("/api/v1/audit/verify").body().get("publicKey").asString();
    }

    private PublicKey serviceKey() {
        return Ed25519.publicKey(publicKey()).orElseThrow();
    }

    private static ReportSignature signature(Answer answer) {
        JsonNode signature = answer.body().get("signature");
        return new ReportSignature(
                signature.get("algorithm").asString(),
                signature.get("publicKey").asString(),
                signature.get("value").asString());
    }

    private Answer get(String path) {
        return service.call(admin, "GET", path, "");
    }

    private String create(String instance, String more) {
        Answer answer =
                service.call(admin, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instance + "\"" + more + "}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return "/api/v1/scans/" + answer.id();
    }
}
