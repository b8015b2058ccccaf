package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that callers can choose the ids of projects and instances, for example ids that existing scripts contain. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ChosenIdsIT {

    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String DASHED = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    private static final String URI = "\"uri\":\"redis://127.0.0.1:1\"";

    private final String dialect;
    private TestService service;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    ChosenIdsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator("chosen ids " + UUID.randomUUID());
    }

    @Test
    void chosenIdsOfProjectsAndInstances_areUsed_orRefusedWithTheReason() {
        // The id of a project can be written with dashes. A used id or name is refused.
        Answer created = createProject("{\"name\":\"chosen team\",\"id\":\"" + DASHED + "\"}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        assertThat(created.body().get("projectId").asString()).isEqualTo(PROJECT);
        assertTaken(
                createProject("{\"name\":\"chosen more\",\"id\":\"" + PROJECT + "\"}"),
                "The id '" + PROJECT + "' is that of another project");
        Answer sameName = createProject("{\"name\":\"chosen team\",\"id\":\"" + PROJECT.replace('0', '1') + "\"}");
        assertThat(sameName.body().get("code").asString()).isEqualTo(ErrorCode.NAME_TAKEN.code());

        // Invalid ids of projects are refused.
        for (String id : new String[] {"", "x", PROJECT + "0", PROJECT.toUpperCase(Locale.ROOT)}) {
            Answer refused = createProject("{\"name\":\"chosen bad\",\"id\":\"" + id + "\"}");
            assertThat(refused.status()).as(id).isEqualTo(400);
            assertThat(refused.body().get("detail").asString()).startsWith("id is '" + id + "', must be 32 characters");
        }
        Credentials teamKey = Credentials.of(created.body());

        // The id of an instance is unique in all projects.
        String id = UUID.randomUUID().toString();
        Answer instance = createInstance(teamKey, "{\"name\":\"a\"," + URI + ",\"id\":\"" + id + "\"}");
        assertThat(instance.status()).as(instance.response().body()).isEqualTo(201);
        assertThat(instance.id()).isEqualTo(id);
        assertThat(service.call(teamKey, "GET", "/v2/" + DASHED + "/instances/" + id, "")
                        .status())
                .isEqualTo(200);
        assertTaken(
                createInstance(teamKey, "{\"name\":\"b\"," + URI + ",\"id\":\"" + id + "\"}"),
                "The id '" + id + "' is that of another instance");
        assertTaken(
                createInstance(admin, "{\"name\":\"a\"," + URI + ",\"id\":\"" + id + "\"}"),
                "The id '" + id + "' is that of another instance");

        // Invalid ids of instances are refused. If the id is null, the service chooses one.
        for (String invalidId : new String[] {"\"x\"", "7", "\"" + id.replace("-", "") + "\"", "\"1-1-1-1-1\""}) {
            Answer refused = createInstance(teamKey, "{\"name\":\"c\"," + URI + ",\"id\":" + invalidId + "}");
            assertThat(refused.status()).as(invalidId).isEqualTo(400);
            assertThat(refused.body().get("detail").asString()).contains("must be a UUID of 36 characters");
        }
        assertThat(createInstance(teamKey, "{\"name\":\"d\"," + URI + ",\"id\":null}")
                        .status())
                .isEqualTo(201);

        // The id of an instance cannot be changed.
        Answer changed =
                service.call(teamKey, "PATCH", "/api/v1/instances/" + id, "{\"id\":\"" + UUID.randomUUID() + "\"}");
        assertThat(changed.status()).isEqualTo(400);
        assertThat(changed.body().get("detail").asString()).contains("id is unknown");

        // A repeated create request finds the resource that the first request has created.
        String idOfRepeatedRequest = UUID.randomUUID().toString();
        String body = "{\"name\":\"e\"," + URI + ",\"id\":\"" + idOfRepeatedRequest + "\"}";
        for (int i = 0; i < 2; i++) {
            Answer repeated = service.call(teamKey, "POST", "/api/v1/instances", body, Map.of("Idempotency-Key", "k"));
            assertThat(repeated.status()).isEqualTo(201);
            assertThat(repeated.id()).isEqualTo(idOfRepeatedRequest);
        }
    }

    @Test
    void fleetDocument_withIds_usesThem_orIsRefusedWithAllConflicts() {
        Credentials teamKey = service.project("chosen fleet");
        String first = UUID.randomUUID().toString();
        String idInOtherProject = UUID.randomUUID().toString();

        assertThat(createInstance(admin, "{\"name\":\"x\"," + URI + ",\"id\":\"" + idInOtherProject + "\"}")
                        .status())
                .isEqualTo(201);

        // The document has an id for one of two instances. The second time, it changes nothing.
        String document =
                "{\"instances\":[{\"name\":\"a\"," + URI + ",\"id\":\"" + first + "\"},{\"name\":\"b\"," + URI + "}]}";
        Answer applied = apply(teamKey, document);

        assertThat(applied.body().get("changes").get(0).get("id").asString()).isEqualTo(first);
        assertThat(apply(teamKey, document).response().body())
                .contains("unchanged")
                .doesNotContain("\"changed\"");

        // The conflicts: another id for a, the id of a for c, the id of another project twice, and an invalid id.
        Answer refused = apply(
                teamKey,
                "{\"instances\":[{\"name\":\"a\"," + URI + ",\"id\":\"" + UUID.randomUUID() + "\"},{\"name\":\"c\","
                        + URI
                        + ",\"id\":\"" + first + "\"},{\"name\":\"d\"," + URI + ",\"id\":\"" + idInOtherProject
                        + "\"},{\"name\":\"e\"," + URI + ",\"id\":\"" + idInOtherProject + "\"},{\"name\":\"f\"," + URI
                        + ",\"id\":\"no\"}]}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("errors").values())
                .extracting(error -> error.get("detail").asString())
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("instances[0].id", "must be " + first + ", the id of"),
                        detail -> assertThat(detail).contains("instances[1].id", "is that of another instance"),
                        detail -> assertThat(detail).contains("instances[2].id", "is that of another instance"),
                        detail -> assertThat(detail).contains("instances[3].id", "must be that of one instance only"),
                        detail -> assertThat(detail).contains("instances[4].id", "must be a UUID of 36 characters"));
    }

    /** Checks that a request is refused because another resource has its id. */
    private static void assertTaken(Answer answer, String detail) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(409);
        assertThat(answer.body().get("code").asString()).isEqualTo(ErrorCode.ID_TAKEN.code());
        assertThat(answer.body().get("detail").asString()).contains(detail);
    }

    private Answer createProject(String body) {
        return service.call(admin, "POST", "/api/v1/projects", body);
    }

    private Answer createInstance(Credentials key, String body) {
        return service.call(key, "POST", "/api/v1/instances", body);
    }

    private Answer apply(Credentials key, String document) {
        return service.call(key, "POST", "/api/v1/instances/apply", document);
    }
}
