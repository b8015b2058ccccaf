package io.keysweep.server.iam.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Tests that a caller finds only its own project in the Identity API, under each of its names and ids. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallersProjectIT {

    private TestService service;
    private Credentials teamKey;
    private Credentials otherTeam;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        teamKey = service.project("callers");
        otherTeam = service.project("strangers");
        service.register(teamKey, "orders", "redis://127.0.0.1:1");
    }

    @Test
    void projectsAndDomains_inTheIdentityApi_areOnlyTheCallersOwn() {
        // A list contains the project under its own name, and under the name of any region.
        for (String path : new String[] {"/v3/projects", "/v3/auth/projects", "/v3/projects?name=callers"}) {
            JsonNode projects = service.call(teamKey, "GET", path, "").body().get("projects");
            assertThat(projects).as(path).hasSize(1);
            assertThat(projects.get(0).get("id").asString()).isEqualTo(teamKey.projectId());
            assertThat(projects.get(0).get("name").asString()).isEqualTo("callers");
        }

        JsonNode region = service.call(teamKey, "GET", "/v3/projects?name=cn-north-4", "")
                .body()
                .get("projects");
        assertThat(region.get(0).get("id").asString()).isEqualTo(teamKey.projectId());
        assertThat(region.get(0).get("name").asString()).isEqualTo("cn-north-4");

        // The caller finds the caller's project by its id, and no other project.
        assertThat(service.call(teamKey, "GET", "/v3/projects/" + teamKey.dashedProjectId(), "")
                        .body()
                        .get("project")
                        .get("id")
                        .asString())
                .isEqualTo(teamKey.projectId());
        assertThat(service.call(teamKey, "GET", "/v3/projects/" + otherTeam.projectId(), "")
                        .status())
                .isEqualTo(404);

        // A list of domains contains one domain, under any name.
        JsonNode domains = service.call(teamKey, "GET", "/v3/auth/domains?name=OTC0001", "")
                .body()
                .get("domains");
        assertThat(domains).hasSize(1);
        assertThat(domains.get(0).get("name").asString()).isEqualTo("OTC0001");
        assertThat(service.call(teamKey, "GET", "/v3/auth/domains", "").body().get("domains"))
                .hasSize(1);
    }

    @Test
    void projectIdWithDashes_namesTheSameProjectInBothApis() {
        // In the DCS API, the id with dashes is the caller's own project. Another project is refused.
        String dashed = teamKey.dashedProjectId();
        assertThat(service.call(teamKey, "GET", "/v2/" + dashed + "/instances", "")
                        .body()
                        .get("instance_num")
                        .asInt())
                .isEqualTo(1);

        String id = service.call(teamKey, "GET", "/api/v1/instances", "")
                .body()
                .get(0)
                .get("id")
                .asString();
        assertThat(service.call(teamKey, "GET", "/v2/" + dashed + "/instances/" + id, "")
                        .status())
                .isEqualTo(200);
        assertThat(service.call(teamKey, "GET", "/v2/" + otherTeam.dashedProjectId() + "/instances", "")
                        .errorCode())
                .isEqualTo(ErrorCode.WRONG_PROJECT.code());

        // In the native API, the answers contain the id without dashes.
        for (String path : new String[] {"", "/access-keys", "/windows", "/budget"}) {
            assertThat(service.call(teamKey, "GET", "/api/v1/projects/" + dashed + path, "")
                            .status())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(service.call(teamKey, "PUT", "/api/v1/projects/" + dashed + "/hold", "")
                        .body()
                        .get("projectId")
                        .asString())
                .isEqualTo(teamKey.projectId());
        assertThat(service.call(teamKey, "DELETE", "/api/v1/projects/" + dashed + "/hold", "")
                        .status())
                .isEqualTo(204);

        // None of these texts is a project id.
        for (String malformed : new String[] {dashed.substring(1), dashed.replace("-", "--"), dashed + "-"}) {
            assertThat(service.call(teamKey, "GET", "/v2/" + malformed + "/instances", "")
                            .errorCode())
                    .as(malformed)
                    .isEqualTo(ErrorCode.MALFORMED_PROJECT_ID.code());
        }
    }

    @Test
    void policiesOfAnotherProject_areRefusedLikePoliciesOfAnUnknownProject() {
        for (String path : new String[] {"/windows", "/start-policy"}) {
            Answer foreign = service.call(teamKey, "GET", "/api/v1/projects/" + otherTeam.projectId() + path, "");
            Answer unknown = service.call(
                    teamKey,
                    "GET",
                    "/api/v1/projects/" + UUID.randomUUID().toString().replace("-", "") + path,
                    "");
            assertThat(foreign.status()).as(path).isEqualTo(404);
            assertThat(foreign.body().get("code")).isEqualTo(unknown.body().get("code"));
        }
    }
}
