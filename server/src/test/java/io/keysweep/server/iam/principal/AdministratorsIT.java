package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests that one administrator always remains, and that nobody can grant or revoke rights that they lack. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AdministratorsIT {

    private static final String PROJECTS = "/api/v1/projects";

    private final String dialect;
    private TestService service;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    AdministratorsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator("administrators " + UUID.randomUUID());
    }

    @Test
    void projectManager_withoutOtherRights_canNeitherGrantNorRevokeThem() {
        Credentials keyOfOffice = service.project("office");
        Credentials manager = createKey(admin, keyOfOffice, "keysweep:project:manage");
        Credentials keyOfRootProject = service.project("root");
        createKey(admin, keyOfRootProject, "*");

        // The manager cannot delete projects whose keys have more rights. The refusal names the first right that the
        // manager lacks.
        Answer refusal = service.call(manager, "DELETE", projectPath(keyOfRootProject), "");
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.body().get("title").asString())
                .isEqualTo("Policy does not allow dcs:instance:analyzeExpiredKey to be performed.");
        assertThat(service.call(manager, "DELETE", projectPath(admin), "").status())
                .isEqualTo(403);
        assertThat(projectNames()).contains("office", "root");

        // The manager cannot create a project whose key has more rights.
        Answer create = service.call(manager, "POST", PROJECTS, "{\"name\":\"new\"}");
        assertThat(create.status()).isEqualTo(403);

        for (String actions : new String[] {"\"*\"", "\"keysweep:project:manage\",\"dcs:instance:list\""}) {
            assertThat(service.call(manager, "POST", PROJECTS, "{\"name\":\"new\",\"actions\":[" + actions + "]}")
                            .status())
                    .as(actions)
                    .isEqualTo(403);
        }
        assertThat(service.call(manager, "POST", PROJECTS, "{\"name\":\"new\",\"actions\":[]}")
                        .status())
                .isEqualTo(400);
        assertThat(projectNames()).doesNotContain("new");

        // A project whose key has only the right of the manager can be created and deleted.
        Answer made =
                service.call(manager, "POST", PROJECTS, "{\"name\":\"new\",\"actions\":[\"keysweep:project:manage\"]}");
        Credentials keyOfNewProject = Credentials.of(made.created());
        assertThat(service.call(keyOfNewProject, "GET", "/api/v1/instances", "").status())
                .isEqualTo(403);
        assertThat(service.call(manager, "DELETE", projectPath(keyOfNewProject), "")
                        .status())
                .isEqualTo(204);
        assertThat(service.call(admin, "DELETE", projectPath(keyOfRootProject), "")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void administrators_whoRemoveEachOtherAtTheSameTime_leaveOne() throws Exception {
        // Each of two administrators deletes the project of the other one. In every second repetition, one of them
        // withdraws the key of the other one instead.
        int repetitions = 4;
        for (int i = 0; i < repetitions; i++) {
            Credentials firstProject = service.project("first" + i);
            Credentials firstKey = createKey(admin, firstProject, "*");
            Credentials secondProject = service.project("second" + i);
            Credentials secondKey = createKey(admin, secondProject, "*");
            boolean bothDeleteProjects = i % 2 == 0;
            String deletedByFirst = bothDeleteProjects
                    ? projectPath(secondProject)
                    : projectPath(secondProject) + "/access-keys/" + secondKey.accessKey();

            List<Integer> statuses = statusesAtTheSameTime(
                    () -> service.call(firstKey, "DELETE", deletedByFirst, "").status(),
                    () -> service.call(secondKey, "DELETE", projectPath(firstProject), "")
                            .status());

            assertThat(statuses).containsExactlyInAnyOrder(204, 401);
        }

        assertThat(service.bean(JdbcClient.class)
                        .sql("select count(*) from access_key where actions = '*'")
                        .query(Long.class)
                        .single())
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void key_thatIsWithdrawnWhileItCreatesKeys_createsNoneAfterItsWithdrawal() throws Exception {
        // Four calls create keys, and a fifth call withdraws their key.
        Credentials teamKey = service.project("withdrawn");
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(() -> service.call(
                            teamKey,
                            "POST",
                            projectPath(teamKey) + "/access-keys",
                            "{\"actions\":[\"dcs:instance:list\"]}")
                    .status());
        }
        calls.add(() -> service.call(admin, "DELETE", projectPath(teamKey) + "/access-keys/" + teamKey.accessKey(), "")
                .status());

        List<Integer> statuses = statusesAtTheSameTime(calls);

        assertThat(statuses.getLast()).isEqualTo(204);
        assertThat(statuses.subList(0, 4)).isSubsetOf(201, 401);
        assertThat(service.call(
                                teamKey,
                                "POST",
                                projectPath(teamKey) + "/access-keys",
                                "{\"actions\":[\"dcs:instance:list\"]}")
                        .status())
                .isEqualTo(401);
    }

    private List<String> projectNames() {
        return service.call(admin, "GET", PROJECTS, "").body().findValuesAsString("name");
    }

    private List<Integer> statusesAtTheSameTime(Callable<Integer> first, Callable<Integer> second) throws Exception {
        return statusesAtTheSameTime(List.of(first, second));
    }

    /** Makes calls at the same time, and returns the status of each answer. */
    private static List<Integer> statusesAtTheSameTime(List<Callable<Integer>> calls) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Future<Integer> answer : threads.invokeAll(calls)) {
                statuses.add(answer.get());
            }
        }
        return statuses;
    }

    /** Creates a key in a project as the caller {@code by}. */
    private Credentials createKey(Credentials by, Credentials projectKey, String action) {
        return service.newKey(by, projectKey.projectId(), "{\"actions\":[\"" + action + "\"]}");
    }

    private static String projectPath(Credentials key) {
        return PROJECTS + "/" + key.projectId();
    }
}
