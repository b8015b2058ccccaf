package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceChanges;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests how projects are created, renamed and deleted through the API, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ProjectsIT {

    private final String dialect;

    /** A part of the name of each project, so that no two tests use the same name. */
    private final UUID test = UUID.randomUUID();

    private TestService service;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    ProjectsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator(named("admin"));
    }

    @Test
    void project_ofATeam_isShownToItsOwnKeysAndToAdministrators() {
        Credentials teamKey = service.project(named("team"));
        String path = "/api/v1/projects/" + teamKey.projectId();

        assertThat(projectNames(admin)).contains("default", named("team"));
        assertThat(projectNames(teamKey)).containsExactly(named("team"));
        assertThat(service.call(teamKey, "GET", path, "").body().get("name").asString())
                .isEqualTo(named("team"));
        assertThat(service.call(teamKey, "GET", "/api/v1/projects/" + admin.projectId(), "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void rename_byAnAdministrator_isAccepted_unlessTheNameIsTakenOrEmpty() {
        Credentials teamKey = service.project(named("team"));
        String path = "/api/v1/projects/" + teamKey.projectId();
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"" + named("crew") + "\"}")
                        .body()
                        .get("name")
                        .asString())
                .isEqualTo(named("crew"));
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"default\"}").status())
                .isEqualTo(409);
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"\"}").status()).isEqualTo(400);
        assertThat(projectNames(admin)).contains(named("crew")).doesNotContain(named("team"));

        // A key of the project itself cannot rename it.
        assertThat(service.call(teamKey, "PUT", path, "{\"name\":\"mine\"}").status())
                .isEqualTo(403);
    }

    @Test
    void deletion_ofAProject_isRefusedUntilItIsEmpty_andEndsItsKeysAndHolds() {
        // A project with an instance cannot be deleted.
        Credentials teamKey = service.project(named("team"));
        String path = "/api/v1/projects/" + teamKey.projectId();
        String instanceId = service.register(teamKey, "orders", "redis://127.0.0.1:1");
        service.call(teamKey, "PUT", path + "/hold", "");
        service.call(teamKey, "PUT", path + "/start-policy", "{\"deadPercent\":5}");
        service.call(teamKey, "POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/\"}");
        Answer refused = service.call(admin, "DELETE", path, "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.PROJECT_NOT_EMPTY.code());
        assertThat(service.call(teamKey, "GET", path, "").status()).isEqualTo(200);

        // The deletion of an empty project ends its keys and holds. Policies and webhooks do not prevent it.
        service.call(teamKey, "DELETE", "/api/v1/instances/" + instanceId, "");
        assertThat(service.call(admin, "DELETE", path, "").status()).isEqualTo(204);
        assertThat(service.call(teamKey, "GET", path, "").status()).isEqualTo(401);
        assertThat(projectNames(admin)).doesNotContain(named("team"));
        assertThat(service.call(admin, "GET", "/api/v1/holds", "").response().body())
                .doesNotContain(teamKey.projectId());
        assertThat(service.call(admin, "DELETE", path, "").status()).isEqualTo(404);

        // A key cannot delete its own project.
        assertThat(service.call(admin, "DELETE", "/api/v1/projects/" + admin.projectId(), "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_ACCESS_KEY.code());
    }

    @Test
    void renameOfAProject_withTheHeaderIfMatch_isRefusedForAnotherVersion() {
        String path = "/api/v1/projects/" + service.project(named("team")).projectId();
        Answer shown = service.call(admin, "GET", path, "");

        assertThat(shown.header("ETag")).isEqualTo("\"1\"");
        assertThat(shown.body().get("version").asInt()).isEqualTo(1);
        assertThat(rename(path, named("crew"), "\"1\"").header("ETag")).isEqualTo("\"2\"");

        // The project has version 2 now.
        Answer stale = rename(path, named("gang"), "\"1\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.body().get("code").asString()).isEqualTo(ErrorCode.STALE.code());
        assertThat(stale.body().get("detail").asString())
                .isEqualTo("If-Match is \"1\", but the current ETag of the project is \"2\".");
        assertThat(projectNames(admin)).contains(named("crew")).doesNotContain(named("team"));

        // An ETag without quotes is malformed. A star means any version, and so does a request without the header.
        assertThat(rename(path, named("gang"), "2").status()).isEqualTo(400);
        assertThat(rename(path, named("gang"), "*").header("ETag")).isEqualTo("\"3\"");
        assertThat(service.call(admin, "PUT", path, "{\"name\":\"" + named("team") + "\"}")
                        .header("ETag"))
                .isEqualTo("\"4\"");
    }

    @Test
    void removal_byASecondRequestThatFoundTheSameObject_isRefused() {
        // Two requests have found the same instance. After the first removal, the second request is refused.
        Instance instance = service.bean(InstanceStore.class)
                .find(UUID.fromString(service.register(admin, "once", "redis://127.0.0.1:1")))
                .orElseThrow();
        InstanceChanges instances = service.bean(InstanceChanges.class);

        instances.remove(instance, /* force= */ false);
        assertRefused(ErrorCode.UNKNOWN_INSTANCE, () -> instances.remove(instance, /* force= */ false));
        assertRefused(
                ErrorCode.UNKNOWN_INSTANCE, () -> service.bean(Schedules.class).remove(instance, /* expected= */ null));

        // Two requests have found the same project.
        Caller caller = new Caller(admin.accessKey(), admin.projectId(), Set.of("*"));
        StoredProjects projects = service.bean(StoredProjects.class);
        ProjectChanges changes = service.bean(ProjectChanges.class);
        Project project = projects.find(caller, service.project(named("twice")).projectId());
        changes.remove(caller, project);
        assertRefused(ErrorCode.UNKNOWN_PROJECT, () -> changes.remove(caller, project));
    }

    /** A request can find a project that another request deletes before the first request adds something to it. */
    @ParameterizedTest
    @CsvSource({"PUT, /hold, ''", "POST, /access-keys, '{\"actions\":[\"*\"]}'"})
    void addition_toAProjectThatIsBeingDeleted_isRefused(String method, String path, String body) {
        String projectId = service.project(named("brief")).projectId();
        JdbcClient jdbc = service.bean(JdbcClient.class);
        ProjectStore projects = service.bean(ProjectStore.class);

        // The request waits for the transaction that deletes the project. The transaction ends after the wait began.
        String sessionsThatWait = TestDatabase.sessionsThatWait(dialect);

        CompletableFuture<Answer> addition = service.bean(TransactionTemplate.class)
                .execute(status -> {
                    assertThat(projects.remove(projectId)).isTrue();
                    CompletableFuture<Answer> running = CompletableFuture.supplyAsync(
                            () -> service.call(admin, method, "/api/v1/projects/" + projectId + path, body),
                            task -> Thread.ofPlatform().daemon().start(task));
                    Waits.await("the request waits for the deletion")
                            .failFast("the request has ended: " + running, running::isDone)
                            .until(() ->
                                    jdbc.sql(sessionsThatWait).query(Long.class).single() > 0);
                    return running;
                });

        assertThat(addition).succeedsWithin(Duration.ofMinutes(1)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body().get("code").asString()).isEqualTo(ErrorCode.UNKNOWN_PROJECT.code());
        });
        assertThat(service.call(admin, "GET", "/api/v1/holds", "").response().body())
                .doesNotContain(projectId);
    }

    @Test
    void firstStart_whileAnotherProcessCreatesTheProject_createsNothing() throws IOException {
        Path credentials = service.bean(ServiceSettings.class).home().resolve("credentials");
        String before = Files.readString(credentials);

        // This store reads the database before the other process, the service, has committed its project.
        ProjectStore storeOfLateProcess = new ProjectStore(service.bean(JdbcClient.class), event -> {}) {
            private boolean wasRead;

            @Override
            boolean isEmpty() {
                boolean isFirstRead = !wasRead;
                wasRead = true;
                return isFirstRead;
            }
        };

        new FirstStartSetup(
                        storeOfLateProcess,
                        service.bean(ProjectChanges.class),
                        service.bean(ServiceSettings.class),
                        service.bean(TransactionTemplate.class),
                        service.bean(AuditLog.class))
                .afterPropertiesSet();

        assertThat(credentials).hasContent(before);
        assertThat(projectNames(admin)).containsOnlyOnce("default");
    }

    /** Checks that a request is refused with a code. */
    private static void assertRefused(ErrorCode code, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        RequestRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Answer rename(String path, String name, String ifMatch) {
        return service.call(admin, "PUT", path, "{\"name\":\"" + name + "\"}", Map.of("If-Match", ifMatch));
    }

    /** Returns a name that no project of another test has. */
    private String named(String name) {
        return name + " " + test;
    }

    private List<String> projectNames(Credentials key) {
        List<String> names = new ArrayList<>();
        service.call(key, "GET", "/api/v1/projects", "")
                .body()
                .forEach(project -> names.add(project.get("name").asString()));
        return names;
    }
}
