package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceChanges;
import io.keysweep.server.instance.InstanceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Tests the life of projects and access keys through the API, on both databases. */
@ParameterizedClass
@SuppressWarnings("NullAway.Init") // start() sets the fields.
@ValueSource(strings = {"h2", "postgresql"})
class AccessKeysIT {

    @TempDir
    static Path root;

    private static TestService service;
    private static Credentials admin;

    AccessKeysIT(String dialect) {
        // The service of each dialect is started before the instances of this class are made.
    }

    @BeforeParameterizedClassInvocation
    static void start(String dialect) throws Exception {
        service = TestService.start(
                Files.createDirectory(root.resolve(dialect)),
                dialect.equals("h2") ? Map.of() : Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl()));
        admin = service.administrator();
    }

    @AfterEach
    void removeProjects() {
        service.removeProjects();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        service.close();
    }

    @Test
    void accessKey_createdAndWithdrawn_isShownAndThenRefused() {
        Credentials team = service.project("team");
        Credentials second = make(team, team, "\"dcs:instance:list\",\"dcs:instance:get\"");
        assertThat(second.projectId()).isEqualTo(team.projectId());
        assertThat(service.call(second, "GET", "/api/v1/instances", "").status())
                .isEqualTo(200);
        assertThat(service.call(second, "GET", keys(team), "").status()).isEqualTo(403);

        JsonNode shown = service.call(team, "GET", keys(team), "").body();
        assertThat(shown.size()).isEqualTo(2);
        assertThat(shown.toString()).doesNotContain("secret", second.secretKey(), team.secretKey());
        assertThat(shown.get(1).get("accessKey").asString()).isEqualTo(second.accessKey());
        assertThat(shown.get(1).get("actions").toString()).isEqualTo("[\"dcs:instance:get\",\"dcs:instance:list\"]");

        String token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + second.accessKey()
                                + "\"},\"secret\":{\"key\":\"" + second.secretKey() + "\"}}}}}")
                .header("X-Subject-Token");
        assertThat(byToken(token).status()).isEqualTo(200);
        assertThat(service.call(team, "DELETE", keys(team) + "/" + second.accessKey(), "")
                        .status())
                .isEqualTo(204);
        assertThat(byToken(token).status()).isEqualTo(401);
        assertThat(service.call(second, "GET", "/api/v1/instances", "").status())
                .isEqualTo(401);
        Answer again = service.call(team, "DELETE", keys(team) + "/" + second.accessKey(), "");
        assertThat(again.body().get("code").asString()).isEqualTo("DCS.4935");
    }

    @Test
    void accessKey_withInvalidActions_isRefusedWithReason() {
        assertRefused("", "actions is missing, must be at least one of");
        assertRefused("{\"action\":[\"*\"]}", "action is unknown; known are actions.");
        assertRefused("{\"actions\":[]}", "actions is '[]'");
        assertRefused("{\"actions\":[\"dcs:instance:delete\"]}", "actions is 'dcs:instance:delete'");
        assertRefused("{\"actions\":[null]}", "actions is 'null'");
    }

    @Test
    void accessKeys_withdrawingEachOther_oneRemains() throws Exception {
        for (int i = 0; i < 5; i++) {
            Credentials one = make(admin, admin, "\"*\"");
            Credentials other = make(admin, admin, "\"*\"");
            List<Callable<Integer>> calls = List.of(
                    () -> service.call(one, "DELETE", keys(admin) + "/" + other.accessKey(), "")
                            .status(),
                    () -> service.call(other, "DELETE", keys(admin) + "/" + one.accessKey(), "")
                            .status());
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                for (Future<Integer> answer : threads.invokeAll(calls)) {
                    statuses.add(answer.get());
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(204, 401);
        }
    }

    @Test
    void project_createdRenamedAndDeleted_isShownAccordingly() {
        Credentials team = service.project("team");
        String path = "/api/v1/projects/" + team.projectId();
        assertThat(names(admin)).containsExactly("default", "team");
        assertThat(names(team)).containsExactly("team");
        assertThat(service.call(team, "GET", path, "").body().get("name").asString())
                .isEqualTo("team");
        assertThat(service.call(team, "GET", "/api/v1/projects/" + admin.projectId(), "")
                        .status())
                .isEqualTo(404);
        assertThat(service.call(team, "PUT", path, "{\"name\":\"mine\"}").status())
                .isEqualTo(403);
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"crew\"}")
                        .body()
                        .get("name")
                        .asString())
                .isEqualTo("crew");
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"default\"}").status())
                .isEqualTo(409);
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"\"}").status()).isEqualTo(400);
        assertThat(names(admin)).containsExactly("crew", "default");

        String instanceId = service.register(team, "orders", "redis://127.0.0.1:1");
        service.call(team, "PUT", path + "/hold", "");
        service.call(team, "PUT", path + "/start-policy", "{\"deadPercent\":5}");
        service.call(team, "POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/\"}");
        Answer full = service.call(admin, "DELETE", path, "");
        assertThat(full.status()).isEqualTo(409);
        assertThat(full.body().get("code").asString()).isEqualTo("DCS.4937");
        assertThat(service.call(team, "GET", path, "").status()).isEqualTo(200);
        service.call(team, "DELETE", "/api/v1/instances/" + instanceId, "");
        assertThat(service.call(admin, "DELETE", path, "").status()).isEqualTo(204);
        assertThat(service.call(team, "GET", path, "").status()).isEqualTo(401);
        assertThat(names(admin)).containsExactly("default");
        assertThat(service.call(admin, "GET", "/api/v1/holds", "").body().isEmpty())
                .isTrue();
        assertThat(service.call(admin, "DELETE", path, "").status()).isEqualTo(404);
        assertThat(service.call(admin, "DELETE", "/api/v1/projects/" + admin.projectId(), "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4936");
    }

    @Test
    void project_renamedWithIfMatch_checksItsVersion() {
        String path = "/api/v1/projects/" + service.project("team").projectId();
        Answer shown = service.call(admin, "GET", path, "");
        assertThat(shown.header("ETag")).isEqualTo("\"1\"");
        assertThat(shown.body().get("version").asInt()).isEqualTo(1);
        assertThat(rename(path, "crew", "\"1\"").header("ETag")).isEqualTo("\"2\"");
        Answer stale = rename(path, "gang", "\"1\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.body().get("code").asString()).isEqualTo("DCS.4912");
        assertThat(stale.body().get("detail").asString())
                .isEqualTo("If-Match is \"1\", must be the ETag that the project has now, \"2\".");
        assertThat(names(admin)).containsExactly("crew", "default");
        assertThat(rename(path, "gang", "2").status()).isEqualTo(400);
        assertThat(rename(path, "gang", "*").header("ETag")).isEqualTo("\"3\"");
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"team\"}").header("ETag"))
                .isEqualTo("\"4\"");
    }

    private Answer rename(String path, String name, String ifMatch) {
        return service.call(admin, "PUT", path, "{\"name\":\"" + name + "\"}", Map.of("If-Match", ifMatch));
    }

    private void assertRefused(String body, String detail) {
        Answer answer = service.call(admin, "POST", keys(admin), body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString()).startsWith(detail);
    }

    @Test
    void removal_byTwoRequestsAtOnce_isRefusedForTheSecond() {
        Instance instance = service.bean(InstanceStore.class)
                .find(UUID.fromString(service.register(admin, "once", "redis://127.0.0.1:1")))
                .orElseThrow();
        InstanceChanges instances = service.bean(InstanceChanges.class);
        instances.remove(instance);
        assertRefused(ErrorCode.UNKNOWN_INSTANCE, () -> instances.remove(instance));
        assertRefused(
                ErrorCode.UNKNOWN_INSTANCE, () -> service.bean(Schedules.class).remove(instance, /* expected= */ null));

        Caller caller = new Caller(admin.accessKey(), admin.projectId(), Set.of("*"));
        Projects projects = service.bean(Projects.class);
        Project project = projects.find(caller, service.project("twice").projectId());
        projects.remove(caller, project);
        assertRefused(ErrorCode.UNKNOWN_PROJECT, () -> projects.remove(caller, project));
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        RequestRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void firstStart_afterAnotherProcessHasCreatedTheProject_createsNothing() throws IOException {
        Path credentials = service.bean(ServiceSettings.class).home().resolve("credentials");
        String before = Files.readString(credentials);
        // Looks at the database before the other process, the service, has committed its project.
        IamStore late = new IamStore(service.bean(JdbcClient.class), service.bean(SecretBox.class), event -> {}) {
            private boolean looked;

            @Override
            boolean isEmpty() {
                boolean first = !looked;
                looked = true;
                return first;
            }
        };
        new FirstStartSetup(
                        late,
                        service.bean(Projects.class),
                        service.bean(ServiceSettings.class),
                        service.bean(TransactionTemplate.class),
                        service.bean(AuditLog.class))
                .afterPropertiesSet();
        assertThat(credentials).hasContent(before);
        assertThat(names(admin)).containsExactly("default");
    }

    private Credentials make(Credentials by, Credentials project, String actions) {
        Answer made = service.call(by, "POST", keys(project), "{\"actions\":[" + actions + "]}");
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return new Credentials(
                made.body().get("projectId").asString(),
                made.body().get("accessKey").asString(),
                made.body().get("secretKey").asString());
    }

    private List<String> names(Credentials key) {
        List<String> names = new ArrayList<>();
        service.call(key, "GET", "/api/v1/projects", "")
                .body()
                .forEach(project -> names.add(project.get("name").asString()));
        return names;
    }

    private Answer byToken(String token) {
        return service.send("GET", "/api/v1/instances", Map.of("X-Auth-Token", token), "");
    }

    private static String keys(Credentials project) {
        return "/api/v1/projects/" + project.projectId() + "/access-keys";
    }
}
