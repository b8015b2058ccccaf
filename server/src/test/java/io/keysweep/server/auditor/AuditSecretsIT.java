package io.keysweep.server.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Tests that the audit log contains none of the secrets in the calls. */
class AuditSecretsIT extends AuditedService {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }

    @Test
    void log_ofCallsWithSecrets_containsNoneOfThem() throws Exception {
        List<String> secrets = new ArrayList<>(List.of("pw-Secret1", "pw-Secret2", "path-Secret3", "wrong-Secret4"));
        secrets.add(admin.secretKey());
        String instanceId = sendPasswordsOfServers();
        secrets.addAll(createWebhook());
        secrets.addAll(createKeysAndToken(instanceId));
        signInToConsole();

        // Neither the rows of the log nor its export contains a secret.
        JdbcClient jdbc = service.bean(JdbcClient.class);
        List<String> storedTexts = jdbc.sql("select content, actor, resource_id, operation from audit_entry")
                .query((row, number) -> row.getString(1) + row.getString(2) + row.getString(3) + row.getString(4))
                .list();
        String exported = export();
        assertThat(exported.lines().count()).isEqualTo(storedTexts.size());

        for (String secret : secrets) {
            assertThat(secret).hasSizeGreaterThan(8);
            assertThat(storedTexts).noneMatch(row -> row.contains(secret));
            assertThat(exported).doesNotContain(secret);
        }

        // The calls themselves are in the log.
        assertThat(exported).contains("\"password\":\"changed\"", "\"secret\":\"changed\"", "\"operation\":\"signIn\"");
        assertThat(get(AUDIT + "?action=signIn").get("entries"))
                .extracting(entry -> entry.get("status").asInt())
                .contains(302);
        assertThat(get(AUDIT + "?action=holdAll").get("entries"))
                .extracting(entry ->
                        entry.get("status").asInt() + " " + entry.get("error").asString())
                .containsExactly("401 DCS.1003");
        assertThat(get(AUDIT + "?action=removeInstance&limit=1000").get("entries"))
                .anyMatch(entry -> entry.at("/actor/kind").asString().equals("token"));
        assertThat(jdbc.sql("select count(*) from audit_intent")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /**
     * Sends requests about instances that contain passwords of servers, also requests that are refused. Returns the id
     * of an instance.
     */
    private String sendPasswordsOfServers() {
        service.call(
                admin,
                "POST",
                "/api/v1/instances",
                "{\"name\":\"secret\",\"uri\":\"" + redis.uri() + "\",\"username\":\"u\",\"password\":\"pw-Secret1\"}");

        String id = get("/api/v1/instances")
                .valueStream()
                .filter(instance -> instance.get("name").asString().equals("secret"))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asString();
        service.call(admin, "PATCH", "/api/v1/instances/" + id, "{\"password\":\"pw-Secret2\"}");
        service.call(admin, "POST", "/api/v1/instances/test", "{\"uri\":\"redis://u:pw-Secret1@127.0.0.1:1\"}");
        service.call(admin, "POST", "/api/v1/instances", "{\"nmae\":\"pw-Secret1\"}");
        service.call(
                admin,
                "POST",
                "/api/v1/instances/apply",
                "{\"instances\":[{\"name\":\"secret\",\"uri\":\"" + redis.uri() + "\",\"password\":\"pw-Secret1\"}]}");
        return id;
    }

    /**
     * Creates and removes a webhook with a secret in its URL. Returns the secrets that have signed its notices, before
     * and after a replacement.
     */
    private List<String> createWebhook() {
        JsonNode hook = service.call(admin, "POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/path-Secret3\"}")
                .body();
        String hookPath = "/api/v1/webhooks/" + hook.get("id").asString();
        JsonNode newSecret =
                service.call(admin, "POST", hookPath + "/secret", "").body();
        service.call(admin, "DELETE", hookPath, "");
        return List.of(hook.get("secret").asString(), newSecret.get("secret").asString());
    }

    /** Creates access keys and a token, and removes the instance with the token. Returns the secrets in the answers. */
    private List<String> createKeysAndToken(String instanceId) {
        String keyOfNewProject = service.project("secrets").secretKey();
        JsonNode newKey = service.call(
                        admin,
                        "POST",
                        "/api/v1/projects/" + admin.projectId() + "/access-keys",
                        "{\"actions\":[\"dcs:instance:list\"]}")
                .body();
        Answer token = service.send(
                "POST",
                "/v3/auth/tokens",
                Map.of("Content-Type", "application/json"),
                "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{\"access\":{\"key\":\""
                        + admin.accessKey() + "\"},\"secret\":{\"key\":\"" + admin.secretKey() + "\"}}}}}");
        assertThat(token.status()).isEqualTo(201);

        String tokenText = token.header("X-Subject-Token");
        service.send("DELETE", "/api/v1/instances/" + instanceId, Map.of("X-Auth-Token", tokenText), "");
        return List.of(keyOfNewProject, newKey.get("secretKey").asString(), tokenText);
    }

    /**
     * Signs in to the console with a wrong and then with the right secret key. Another browser sends a form without a
     * session.
     */
    private void signInToConsole() {
        ConsoleClient console = new ConsoleClient(service.endpoint());
        assertThat(console.signIn(new Credentials("", admin.accessKey(), "wrong-Secret4"))
                        .status())
                .isEqualTo(401);
        assertThat(console.signIn(admin).status()).isEqualTo(302);

        ConsoleClient stranger = new ConsoleClient(service.endpoint());
        assertThat(stranger.submit("/console/sign-in", "/console/holds/all", Map.of("reason", "r"))
                        .status())
                .isEqualTo(302);
    }

    /** Returns the export of the whole log as text, because it is not one JSON document. */
    private String export() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.endpoint() + AUDIT + "/export"));
        service.sign(admin, "GET", AUDIT + "/export", Map.of(), "").forEach(request::header);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
