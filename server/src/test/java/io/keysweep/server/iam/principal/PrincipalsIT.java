package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests the life cycle of access keys, access policies and narrowed keys through the API, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class PrincipalsIT {

    private static final String READ = "\"dcs:instance:list\",\"dcs:instance:get\"";

    private final String dialect;
    private TestService service;

    /** May do everything, and has a project of its own in each test. */
    private Credentials admin;

    PrincipalsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator("principals " + UUID.randomUUID());
    }

    @Test
    void key_disabledAndEnabled_isRefusedMeanwhileAndSaysWhy() {
        Credentials key = create("{\"actions\":[" + READ + "]}");
        change(key, "{\"disabled\":true}", 200);
        Answer refused = list(key);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body().get("detail").asString()).contains(key.accessKey() + " is disabled");
        assertThat(shown(key).has("disabledAt")).isTrue();
        change(key, "{\"disabled\":false}", 200);
        assertThat(list(key).status()).isEqualTo(200);
        assertThat(shown(key).has("disabledAt")).isFalse();
        // Nobody changes the own key, so nobody locks themselves out.
        assertThat(change(admin, "{\"disabled\":true}", 409).body().get("code").asString())
                .isEqualTo("DCS.4936");
    }

    @Test
    void key_withAnEnd_isRefusedAfterIt_andCreatesNothingThatLivesLonger() {
        Credentials ended = create("{\"actions\":[" + READ + "],\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
        assertThat(list(ended).body().get("detail").asString()).contains("expired at 2020-01-01T00:00:00Z");
        change(ended, "{\"expiresAt\":null}", 200);
        assertThat(list(ended).status()).isEqualTo(200);

        Credentials ending = create("{\"actions\":[\"*\"],\"expiresAt\":\"2099-01-01T00:00:00Z\"}");
        assertThat(post(ending, "{\"actions\":[\"dcs:instance:get\"]}").status())
                .isEqualTo(400);
        assertThat(post(ending, "{\"actions\":[\"dcs:instance:get\"],\"expiresAt\":\"2098-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(201);
        for (String text : List.of("tomorrow", "+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z")) {
            assertThat(post(admin, "{\"actions\":[\"*\"],\"expiresAt\":\"" + text + "\"}")
                            .body()
                            .get("detail")
                            .asString())
                    .startsWith("expiresAt is '" + text + "', must be an instant");
        }
    }

    @Test
    void key_thatIsUsed_showsWhen() {
        Credentials key = create("{\"actions\":[" + READ + "]}");
        assertThat(shown(key).has("lastUsedAt")).isFalse();
        list(key);
        Waits.await("the record of the use").until(() -> shown(key).has("lastUsedAt"));
    }

    @Test
    void key_rotated_worksBesideTheNewOneUntilTheOverlapEnds() {
        Credentials key = create("{\"actions\":[" + READ + "],\"policies\":[\"viewer\"]}");
        Answer rotated = service.call(admin, "POST", keys() + "/" + key.accessKey() + "/rotate", "");
        assertThat(rotated.status()).isEqualTo(201);
        Credentials next = credentials(rotated.body());
        assertThat(rotated.body().get("policies")).isEqualTo(shown(key).get("policies"));
        assertThat(rotated.body().get("actions")).isEqualTo(shown(key).get("actions"));
        assertThat(rotated.body().has("expiresAt")).isFalse();
        assertThat(shown(key).has("expiresAt")).isTrue();
        assertThat(list(key).status()).isEqualTo(200);
        assertThat(list(next).status()).isEqualTo(200);

        String again = keys() + "/" + next.accessKey() + "/rotate";
        assertThat(service.call(admin, "POST", again, "{\"overlapMinutes\":0}").status())
                .isEqualTo(201);
        assertThat(list(next).status()).isEqualTo(401);
        assertThat(service.call(admin, "POST", again, "").body().get("code").asString())
                .isEqualTo("DCS.4954");
        assertThat(service.call(next, "POST", again, "").status()).isEqualTo(401);
        // A key may rotate itself if it may manage keys.
        assertThat(service.call(admin, "POST", keys() + "/" + admin.accessKey() + "/rotate", "")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void policy_ofAKey_decidesWithTheNextRequest() {
        String instance = service.register(admin, "orders", "redis://127.0.0.1:1");
        setPolicy(admin, "scans", "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:*\"]}", 200);
        Credentials key = create("{\"policies\":[\"scans\"]}");
        assertThat(service.call(key, "GET", "/api/v1/instances/" + instance, "").status())
                .isEqualTo(200);
        assertThat(service.call(key, "PUT", "/api/v1/projects/" + admin.projectId() + "/hold", "")
                        .body()
                        .get("title")
                        .asString())
                .contains("keysweep:scan:control");
        Answer changed = setPolicy(
                admin,
                "scans",
                "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:*\"]},"
                        + "{\"effect\":\"deny\",\"actions\":[\"dcs:instance:get\"],\"instances\":[\"" + instance
                        + "\"]}",
                200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(service.call(key, "GET", "/api/v1/instances/" + instance, "")
                        .body()
                        .get("title")
                        .asString())
                .contains("dcs:instance:get");
        assertThat(service.call(admin, "DELETE", policies() + "/scans", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4952");
        change(key, "{\"policies\":[\"viewer\"]}", 200);
        assertThat(service.call(key, "GET", "/api/v1/instances/" + instance, "").status())
                .isEqualTo(200);
        assertThat(service.call(admin, "DELETE", policies() + "/scans", "").status())
                .isEqualTo(204);
        assertThat(service.call(admin, "GET", policies() + "/scans", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4950");
        assertThat(post(admin, "{\"policies\":[\"scans\"]}").status()).isEqualTo(400);
        service.call(admin, "DELETE", "/api/v1/instances/" + instance, "");
    }

    @Test
    void rights_thatACallerLacks_cannotBeGivenOrTakenByAnyPath() {
        Credentials manager = create("{\"actions\":[" + READ + ",\"keysweep:access-key:manage\"]}");
        Credentials mighty = create("{\"actions\":[\"*\"]}");
        Credentials weak = create("{\"actions\":[\"dcs:instance:get\"]}");
        String everything = "{\"effect\":\"allow\",\"actions\":[\"*\"]}";
        assertThat(post(manager, "{\"policies\":[\"administrator\"]}").status()).isEqualTo(403);
        assertThat(post(manager, "{\"policies\":[\"operator\"]}").status()).isEqualTo(403);
        setPolicy(manager, "mine", everything, 403);
        setPolicy(manager, "mine", "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:get\"]}", 200);
        assertThat(changeBy(manager, manager, "{\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(409);
        assertThat(changeBy(manager, weak, "{\"policies\":[\"administrator\"]}").status())
                .isEqualTo(403);
        assertThat(changeBy(manager, weak, "{\"policies\":[\"mine\"]}").status())
                .isEqualTo(200);
        assertThat(changeBy(manager, mighty, "{\"disabled\":true}").status()).isEqualTo(403);
        assertThat(changeBy(manager, mighty, "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(403);
        assertThat(service.call(manager, "POST", keys() + "/" + mighty.accessKey() + "/rotate", "")
                        .status())
                .isEqualTo(403);
        // A denial that a mightier key has cannot be lifted.
        setPolicy(admin, "limits", "{\"effect\":\"deny\",\"actions\":[\"keysweep:audit:read\"]}", 200);
        Credentials limited = create("{\"actions\":[\"*\"],\"policies\":[\"limits\"]}");
        setPolicy(manager, "limits", "{\"effect\":\"deny\",\"actions\":[\"dcs:instance:get\"]}", 403);
        setPolicy(limited, "limits", "{\"effect\":\"deny\",\"actions\":[\"dcs:instance:get\"]}", 403);
        assertThat(post(limited, "{\"actions\":[\"*\"]}").status()).isEqualTo(403);
        assertThat(post(limited, "{\"actions\":[\"*\"],\"policies\":[\"limits\"]}")
                        .status())
                .isEqualTo(201);
        Credentials narrowed = create("{\"actions\":[\"*\"],\"instances\":[\"" + UUID.randomUUID() + "\"]}");
        assertThat(post(narrowed, "{\"actions\":[\"dcs:instance:get\"]}").status())
                .isEqualTo(403);
    }

    @Test
    void policy_withBadContent_isRefusedByField() {
        assertRefused("{\"effect\":\"permit\",\"actions\":[\"*\"]}", "statements[0].effect is 'permit'");
        assertRefused("{\"effect\":\"allow\",\"actions\":[\"dcs:instance:lst\"]}", "statements[0].actions[0] is 'dcs");
        assertRefused("{\"effect\":\"allow\",\"actions\":[\"*\"],\"instances\":[\"x\"]}", "statements[0].instances[0]");
        assertRefused("{\"effect\":\"allow\",\"actions\":[\"*\"],\"tags\":{}}", "statements[0].tags is '{}'");
        assertRefused("{\"effect\":\"allow\"}", "statements[0].actions must be");
        assertRefused("", "statements is '[]'");
        assertThat(setPolicy(admin, "viewer", "{\"effect\":\"deny\",\"actions\":[\"*\"]}", 409)
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4951");
    }

    private void assertRefused(String statement, String detail) {
        assertThat(setPolicy(admin, "bad", statement, 400).body().get("detail").asString())
                .startsWith(detail);
    }

    @Test
    void narrowedKey_seesItsInstancesOnly() {
        String seen = service.register(admin, "seen", "redis://127.0.0.1:1");
        String hidden = service.register(admin, "hidden", "redis://127.0.0.1:2");
        service.call(admin, "PATCH", "/api/v1/instances/" + seen, "{\"tags\":{\"env\":\"test\"}}");
        Credentials byId = create("{\"actions\":[\"*\"],\"instances\":[\"" + seen + "\"]}");
        Credentials byTag = create("{\"policies\":[\"operator\"],\"tags\":{\"env\":\"test\"}}");
        for (Credentials key : List.of(byId, byTag)) {
            assertThat(names(key)).containsExactly("seen");
            assertThat(service.call(key, "GET", "/api/v1/instances/" + hidden, "")
                            .status())
                    .isEqualTo(404);
            assertThat(service.call(key, "GET", "/api/v1/instances/" + seen, "").status())
                    .isEqualTo(200);
            assertThat(service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + hidden + "\"}")
                            .body()
                            .get("code")
                            .asString())
                    .isEqualTo("DCS.3022");
            Answer dcs = service.call(key, "GET", "/v2/" + admin.projectId() + "/instances", "");
            assertThat(dcs.body().get("instance_num").asInt()).isEqualTo(1);
            Answer hold = service.call(key, "PUT", "/api/v1/projects/" + admin.projectId() + "/hold", "");
            assertThat(hold.status()).isEqualTo(403);
            assertThat(hold.body().get("detail").asString()).contains("more than the instances");
        }
        // A name that is refused because it is taken would tell of the other instance.
        for (String name : List.of("hidden", "free")) {
            Answer renamed = service.call(byId, "PATCH", "/api/v1/instances/" + seen, "{\"name\":\"" + name + "\"}");
            assertThat(renamed.status()).isEqualTo(403);
            assertThat(renamed.body().get("detail").asString())
                    .startsWith("Another name needs it on all instances of the project")
                    .doesNotContain(name);
        }
        assertThat(service.call(byId, "PATCH", "/api/v1/instances/" + seen, "{\"name\":\"seen\"}")
                        .status())
                .isEqualTo(200);
        // The tags decide about rights, so a key that depends on them cannot change them.
        assertThat(service.call(byId, "PATCH", "/api/v1/instances/" + seen, "{\"tags\":{\"env\":\"test\"}}")
                        .status())
                .isEqualTo(200);
        Credentials mightyByTag = create("{\"actions\":[\"*\"],\"tags\":{\"env\":\"test\"}}");
        assertThat(service.call(mightyByTag, "PATCH", "/api/v1/instances/" + seen, "{\"tags\":{\"a\":\"b\"}}")
                        .status())
                .isEqualTo(403);
        service.call(admin, "PATCH", "/api/v1/instances/" + seen, "{\"tags\":{\"env\":\"prod\"}}");
        assertThat(names(byTag)).isEmpty();
        service.call(admin, "DELETE", "/api/v1/instances/" + seen, "");
        service.call(admin, "DELETE", "/api/v1/instances/" + hidden, "");
    }

    @Test
    void narrowedKey_seesItsInstancesOnly_alsoInTheConsole() {
        String seen = service.register(admin, "orders", "redis://127.0.0.1:1");
        String other = service.register(admin, "payments", "redis://127.0.0.1:2");
        Credentials key = create("{\"actions\":[\"*\"],\"instances\":[\"" + seen + "\"]}");
        ConsoleClient console = new ConsoleClient(service.endpoint());
        console.signIn(key);
        String fleet = console.get("/console").body();
        assertThat(fleet)
                .contains("orders")
                .doesNotContain("payments", other, "/console/policies", "/console/webhooks");
        assertThat(tile(fleet)).isEqualTo("1");
        assertThat(console.get("/console/instances?name=payments").body()).doesNotContain(other);
        for (String path : List.of("", "/scans", "/chart")) {
            assertThat(console.get("/console/instances/" + seen + path).status())
                    .as(path)
                    .isEqualTo(200);
            assertThat(console.get("/console/instances/" + other + path).status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("policies", "ceilings", "webhooks", "audit", "workers", "register")) {
            assertThat(console.get("/console/" + path).status()).as(path).isEqualTo(403);
        }
        assertThat(console.get("/console/scans").status()).isEqualTo(200);
        Map<String, String> form = Map.of("version", "0", "name", "mine", "uri", "redis://127.0.0.1:1");
        for (String path : List.of("/settings", "/settings/test", "/windows", "/start-policy", "/ceilings", "/tags")) {
            assertThat(console.submit("/console", "/console/instances/" + other + path, form)
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("policies/windows", "policies/start-policy", "policies/budget", "register/test")) {
            assertThat(console.submit("/console", "/console/" + path, form).status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(service.call(key, "GET", "/api/v1/instances/" + seen + "/trends", "")
                        .status())
                .isEqualTo(200);
        assertThat(service.call(key, "GET", "/api/v1/instances/" + other + "/trends", "")
                        .status())
                .isEqualTo(404);
        service.call(admin, "DELETE", "/api/v1/instances/" + seen, "");
        service.call(admin, "DELETE", "/api/v1/instances/" + other, "");
    }

    /** Returns the number in the first tile of the overview: that of the instances. */
    private static String tile(String fleet) {
        Matcher number = Pattern.compile("id=\"tiles\".*?<strong>([^<]*)</strong>", Pattern.DOTALL)
                .matcher(fleet);
        assertThat(number.find()).isTrue();
        return number.group(1);
    }

    private List<String> names(Credentials key) {
        List<String> names = new ArrayList<>();
        list(key).body().forEach(instance -> names.add(instance.get("name").asString()));
        return names;
    }

    private Answer list(Credentials key) {
        return service.call(key, "GET", "/api/v1/instances", "");
    }

    private JsonNode shown(Credentials key) {
        return service.call(admin, "GET", keys() + "/" + key.accessKey(), "").body();
    }

    private Answer change(Credentials key, String body, int status) {
        Answer changed = changeBy(admin, key, body);
        assertThat(changed.status()).as(changed.response().body()).isEqualTo(status);
        return changed;
    }

    private Answer changeBy(Credentials caller, Credentials key, String body) {
        return service.call(caller, "PATCH", keys() + "/" + key.accessKey(), body);
    }

    private Answer setPolicy(Credentials caller, String name, String statements, int status) {
        Answer set = service.call(caller, "PUT", policies() + "/" + name, "{\"statements\":[" + statements + "]}");
        assertThat(set.status()).as(set.response().body()).isEqualTo(status);
        return set;
    }

    private Credentials create(String body) {
        Answer created = post(admin, body);
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return credentials(created.body());
    }

    private Answer post(Credentials caller, String body) {
        return service.call(caller, "POST", keys(), body, Map.of());
    }

    private static Credentials credentials(JsonNode key) {
        return new Credentials(
                key.get("projectId").asString(),
                key.get("accessKey").asString(),
                key.get("secretKey").asString());
    }

    private String keys() {
        return "/api/v1/projects/" + admin.projectId() + "/access-keys";
    }

    private String policies() {
        return "/api/v1/projects/" + admin.projectId() + "/access-policies";
    }
}
