package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a narrowed access key, which is limited to some instances, sees only these, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class NarrowedKeysIT {

    private final String dialect;
    private TestService service;
    private AccessKeyFixture keys;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    NarrowedKeysIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        keys = new AccessKeyFixture(service);
        admin = keys.admin();
    }

    @Test
    void keyLimitedByIdOrTag_seesOnlyItsInstances_andCannotChangeItsLimit() {
        String seenId = service.register(admin, "seen", "redis://127.0.0.1:1");
        String hiddenId = service.register(admin, "hidden", "redis://127.0.0.1:2");
        service.call(admin, "PATCH", "/api/v1/instances/" + seenId, "{\"tags\":{\"env\":\"test\"}}");
        Credentials byId = keys.create("{\"actions\":[\"*\"],\"instances\":[\"" + seenId + "\"]}");
        Credentials byTag = keys.create("{\"policies\":[\"operator\"],\"tags\":{\"env\":\"test\"}}");

        // In both APIs, the keys see one of the two instances. They cannot hold the whole project.
        for (Credentials key : List.of(byId, byTag)) {
            assertThat(names(key)).containsExactly("seen");
            assertThat(service.call(key, "GET", "/api/v1/instances/" + hiddenId, "")
                            .status())
                    .isEqualTo(404);
            assertThat(service.call(key, "GET", "/api/v1/instances/" + seenId, "")
                            .status())
                    .isEqualTo(200);
            assertThat(service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + hiddenId + "\"}")
                            .body()
                            .get("code")
                            .asString())
                    .isEqualTo(ErrorCode.UNKNOWN_INSTANCE.code());

            Answer dcs = service.call(key, "GET", "/v2/" + admin.projectId() + "/instances", "");
            assertThat(dcs.body().get("instance_num").asInt()).isEqualTo(1);

            Answer hold = service.call(key, "PUT", "/api/v1/projects/" + admin.projectId() + "/hold", "");
            assertThat(hold.status()).isEqualTo(403);
            assertThat(hold.body().get("detail").asString()).contains("more than the instances");
        }

        // A key with a limit cannot change names, because a refusal of a used name would reveal another instance.
        for (String name : List.of("hidden", "free")) {
            Answer renamed = service.call(byId, "PATCH", "/api/v1/instances/" + seenId, "{\"name\":\"" + name + "\"}");
            assertThat(renamed.status()).isEqualTo(403);
            assertThat(renamed.body().get("detail").asString())
                    .startsWith("Another name needs it on all instances of the project")
                    .doesNotContain(name);
        }
        assertThat(service.call(byId, "PATCH", "/api/v1/instances/" + seenId, "{\"name\":\"seen\"}")
                        .status())
                .isEqualTo(200);

        // A key by id can change tags. A key by tag cannot, because the tags decide about its rights.
        assertThat(service.call(byId, "PATCH", "/api/v1/instances/" + seenId, "{\"tags\":{\"env\":\"test\"}}")
                        .status())
                .isEqualTo(200);

        Credentials keyWithAllActionsByTag = keys.create("{\"actions\":[\"*\"],\"tags\":{\"env\":\"test\"}}");
        assertThat(service.call(
                                keyWithAllActionsByTag,
                                "PATCH",
                                "/api/v1/instances/" + seenId,
                                "{\"tags\":{\"a\":\"b\"}}")
                        .status())
                .isEqualTo(403);

        // An instance that loses the tag is no longer visible.
        service.call(admin, "PATCH", "/api/v1/instances/" + seenId, "{\"tags\":{\"env\":\"prod\"}}");
        assertThat(names(byTag)).isEmpty();

        service.call(admin, "DELETE", "/api/v1/instances/" + seenId, "");
        service.call(admin, "DELETE", "/api/v1/instances/" + hiddenId, "");
    }

    @Test
    void keyLimitedToInstances_seesOnlyItsInstances_inTheConsole() {
        String seenId = service.register(admin, "orders", "redis://127.0.0.1:1");
        String otherId = service.register(admin, "payments", "redis://127.0.0.1:2");
        Credentials key = keys.create("{\"actions\":[\"*\"],\"instances\":[\"" + seenId + "\"]}");
        ConsoleClient console = new ConsoleClient(service.endpoint());
        console.signIn(key);

        // The overview contains only the key's instance.
        String fleet = console.get("/console").body();

        assertThat(fleet)
                .contains("orders")
                .doesNotContain("payments", otherId, "/console/policies", "/console/webhooks");
        assertThat(firstTile(fleet)).isEqualTo("1");
        assertThat(console.get("/console/instances?name=payments").body()).doesNotContain(otherId);

        // The pages of the other instance do not exist for the key. Pages of the whole project are refused.
        for (String path : List.of("", "/scans", "/chart")) {
            assertThat(console.get("/console/instances/" + seenId + path).status())
                    .as(path)
                    .isEqualTo(200);
            assertThat(console.get("/console/instances/" + otherId + path).status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("policies", "ceilings", "webhooks", "audit", "workers", "register")) {
            assertThat(console.get("/console/" + path).status()).as(path).isEqualTo(403);
        }
        assertThat(console.get("/console/scans").status()).isEqualTo(200);

        // The same is true for the forms on these pages.
        Map<String, String> form = Map.of("version", "0", "name", "mine", "uri", "redis://127.0.0.1:1");
        for (String path : List.of("/settings", "/settings/test", "/windows", "/start-policy", "/ceilings", "/tags")) {
            assertThat(console.submit("/console", "/console/instances/" + otherId + path, form)
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("policies/windows", "policies/start-policy", "policies/budget", "register/test")) {
            assertThat(console.submit("/console", "/console/" + path, form).status())
                    .as(path)
                    .isEqualTo(403);
        }

        // The API shows only the trends of the key's instance.
        assertThat(service.call(key, "GET", "/api/v1/instances/" + seenId + "/trends", "")
                        .status())
                .isEqualTo(200);
        assertThat(service.call(key, "GET", "/api/v1/instances/" + otherId + "/trends", "")
                        .status())
                .isEqualTo(404);

        service.call(admin, "DELETE", "/api/v1/instances/" + seenId, "");
        service.call(admin, "DELETE", "/api/v1/instances/" + otherId, "");
    }

    /** Returns the number in the first tile of the overview, which is the number of instances. */
    private static String firstTile(String fleet) {
        Matcher number = Pattern.compile("id=\"tiles\".*?<strong>([^<]*)</strong>", Pattern.DOTALL)
                .matcher(fleet);
        assertThat(number.find()).isTrue();
        return number.group(1);
    }

    /** Returns the names of the instances that a key sees. */
    private List<String> names(Credentials key) {
        List<String> names = new ArrayList<>();
        keys.instances(key)
                .body()
                .forEach(instance -> names.add(instance.get("name").asString()));
        return names;
    }
}
