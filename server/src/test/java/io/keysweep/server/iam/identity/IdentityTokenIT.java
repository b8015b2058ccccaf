package io.keysweep.server.iam.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests how clients get tokens of the Identity API, for which projects, and what a token contains. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityTokenIT {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private TestService service;
    private Credentials teamKey;
    private Credentials otherTeam;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        teamKey = service.project("identified");
        otherTeam = service.project("unidentified");
        service.register(teamKey, "orders", "redis://127.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hw_ak_sk\":{\"access\":{\"key\":\"AK\"},\"secret\":{\"key\":\"SK\"}}}",
                "{\"methods\":[\"application_credential\"],\"application_credential\":{\"id\":\"AK\","
                        + "\"secret\":\"SK\"}}",
                "{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"AK\",\"password\":\"SK\","
                        + "\"domain\":{\"name\":\"x\"}}}}",
                "{\"methods\":[\"password\"],\"password\":{\"user\":{\"id\":\"AK\",\"password\":\"SK\"}}}",
            })
    void token_thatIsRequestedByAnyMethod_hasProjectUserAndCatalog(String identity) {
        Answer answer = token(identity, "");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);

        JsonNode token = answer.body().get("token");
        assertThat(token.get("project").get("id").asString()).isEqualTo(teamKey.projectId());
        assertThat(token.get("project").get("name").asString()).isEqualTo("identified");
        assertThat(token.get("project").get("domain").get("id").asString()).isNotBlank();
        assertThat(token.get("user").get("id").asString()).isEqualTo(teamKey.accessKey());
        assertThat(Instant.parse(token.get("expires_at").asString()))
                .isAfter(Instant.parse(token.get("issued_at").asString()));

        // With the token, the client calls the endpoint in the catalog.
        String url = IdentityCatalog.endpoint(token.get("catalog"), "dcs", "eu-de");
        Answer instances = service.send(
                "GET",
                IdentityCatalog.path(service, url) + "/instances",
                Map.of("X-Auth-Token", answer.header("X-Subject-Token")),
                "");
        assertThat(instances.body().get("instance_num").asInt()).isEqualTo(1);
    }

    @Test
    void token_forTheOwnProjectOrADomain_isIssued() {
        // The project can be named by its id, its name or the name of a region.
        for (String scope : new String[] {
            "{\"project\":{\"id\":\"" + teamKey.projectId() + "\"}}",
            "{\"project\":{\"id\":\"" + teamKey.dashedProjectId() + "\"}}",
            "{\"project\":{\"name\":\"identified\",\"domain\":{\"name\":\"any\"}}}",
            "{\"project\":{\"name\":\"cn-north-4\"}}",
        }) {
            Answer answer = token(identityOfTeam(), scope);
            assertThat(answer.status()).as(scope).isEqualTo(201);
            assertThat(answer.body().get("token").get("project").get("id").asString())
                    .isEqualTo(teamKey.projectId());
        }

        // A domain can have any name.
        JsonNode domainToken = token(identityOfTeam(), "{\"domain\":{\"name\":\"any\"}}")
                .body()
                .get("token");

        assertThat(domainToken.has("project")).isFalse();
        assertThat(domainToken.get("domain").get("id").asString()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"unscoped\"", "{\"unscoped\":{}}"})
    void unscopedToken_hasNeitherProjectNorCatalog_andCanBeExchanged(String scope) {
        Answer answer = token(identityOfTeam(), scope);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);

        JsonNode token = answer.body().get("token");
        assertThat(token.propertyNames()).containsExactlyInAnyOrder("methods", "issued_at", "expires_at", "user");

        // The client exchanges the unscoped token for a token of the project.
        Answer scoped = token(
                "{\"methods\":[\"token\"],\"token\":{\"id\":\"" + answer.header("X-Subject-Token") + "\"}}",
                "{\"project\":{\"id\":\"" + teamKey.projectId() + "\"}}");
        assertThat(scoped.body().at("/token/project/id").asString()).isEqualTo(teamKey.projectId());

        // No other scope is a text.
        assertThat(token(identityOfTeam(), "\"domain\"").errorCode()).isEqualTo(ErrorCode.MALFORMED_BODY.code());
    }

    @Test
    void token_requestedWithOtherCredentialsInTheHeaders_isIssued() {
        String body = "{\"auth\":{\"identity\":" + filled(identityOfTeam()) + "}}";
        for (Map<String, String> headers : List.of(
                Map.of("Content-Type", "application/json", "X-Auth-Token", "kst1.old.token"),
                Map.of("Content-Type", "application/json", "X-Auth-Token", ""),
                Map.of("Content-Type", "application/json", "Authorization", "Basic eDp5"))) {
            assertThat(service.send("POST", "/v3/auth/tokens", headers, body).status())
                    .as(headers.toString())
                    .isEqualTo(201);
        }
    }

    @Test
    void token_requestedWithAWrongIdentity_isRefused_withTheReason() {
        // The identity is an invalid token.
        Answer invalidToken = token("{\"methods\":[\"token\"],\"token\":{\"id\":\"kst1.x.y\"}}", "");
        assertThat(invalidToken.errorCode()).isEqualTo(ErrorCode.INVALID_TOKEN.code());
        assertThat(invalidToken.body().get("error_msg").asString()).contains("auth.identity.token.id is not a token");

        // The identity is an unknown access key.
        Answer unknownKey = service.send(
                "POST",
                "/v3/auth/tokens",
                JSON,
                "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"ak\"},\"secret\":{\"key\":\"sk\"}}}}}");
        assertThat(unknownKey.body().get("error_msg").asString())
                .contains("The access key or the secret key is wrong.");

        // The identity names its method implicitly, and is an invalid token or has no password.
        assertThat(token("{\"token\":{\"id\":\"kst1.x.y\"}}", "").errorCode())
                .isEqualTo(ErrorCode.INVALID_TOKEN.code());
        assertThat(token("{\"password\":{\"user\":{\"name\":\"x\"}}}", "").status())
                .isEqualTo(400);

        // The body is empty.
        for (String empty : new String[] {"", "null"}) {
            Answer answer = service.send("POST", "/v3/auth/tokens", JSON, empty);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo(ErrorCode.EMPTY_BODY.code());
        }
    }

    @Test
    void token_forAnotherProject_isRefused() {
        for (String scope : new String[] {
            "{\"project\":{\"id\":\"" + otherTeam.projectId() + "\"}}",
            "{\"project\":{\"id\":\"" + otherTeam.dashedProjectId() + "\"}}",
            "{\"project\":{\"id\":\"00000000000000000000000000000000\"}}",
            "{\"project\":{\"id\":\"nonsense\"}}",
            "{\"project\":{\"id\":\"" + otherTeam.projectId() + "\",\"name\":\"identified\"}}",
        }) {
            Answer answer = token(identityOfTeam(), scope);
            assertThat(answer.status()).as(scope).isEqualTo(401);
            assertThat(answer.errorCode()).as(scope).isEqualTo(ErrorCode.WRONG_PROJECT.code());
            assertThat(answer.header("X-Subject-Token")).isEmpty();
        }
    }

    @Test
    void nameOfAProjectThatTheCallerCannotSee_isAnsweredLikeAnUnknownName() {
        // Both names are treated as names of a region, and mean the caller's own project.
        for (String name : new String[] {"unidentified", "no-such-project"}) {
            Answer listed = service.call(teamKey, "GET", "/v3/projects?name=" + name, "");
            assertThat(listed.body().get("projects")).as(name).hasSize(1);
            assertThat(listed.body().get("projects").get(0).get("id").asString())
                    .isEqualTo(teamKey.projectId());

            Answer token = token(identityOfTeam(), "{\"project\":{\"name\":\"" + name + "\"}}");
            assertThat(token.status()).as(name).isEqualTo(201);
            assertThat(token.body().at("/token/project/id").asString()).isEqualTo(teamKey.projectId());
        }
    }

    @Test
    void nameOfAnotherProject_askedByAnAdministrator_isNotTreatedAsARegion() {
        // An administrator sees all projects. So only a name that no project has stands for a region, which means the
        // caller's own project.
        Credentials admin = service.administrator();
        assertThat(service.call(admin, "GET", "/v3/projects?name=unidentified", "")
                        .body()
                        .get("projects"))
                .isEmpty();
        assertThat(service.call(admin, "GET", "/v3/projects?name=no-such-project", "")
                        .body()
                        .get("projects"))
                .hasSize(1);
    }

    @Test
    void idOfAProjectThatTheCallerCannotSee_isAnsweredLikeAnUnknownId() {
        for (String id : new String[] {otherTeam.projectId(), "00000000000000000000000000000000"}) {
            Answer found = service.call(teamKey, "GET", "/v3/projects/" + id, "");
            assertThat(found.errorCode()).as(id).isEqualTo(ErrorCode.UNKNOWN_PROJECT.code());
        }
    }

    @Test
    void token_thatIsExchangedOrShown_keepsItsExpiry() {
        Answer first = token(identityOfTeam(), "");
        String token = first.header("X-Subject-Token");
        String expiry = first.body().get("token").get("expires_at").asString();

        // The token is exchanged for another one.
        Answer second = token("{\"methods\":[\"token\"],\"token\":{\"id\":\"" + token + "\"}}", "");

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body().get("token").get("expires_at").asString()).isEqualTo(expiry);

        // The token can be shown only to a caller with a valid token of the same key.
        Answer shown = service.send(
                "GET",
                "/v3/auth/tokens?nocatalog",
                Map.of("X-Auth-Token", token, "X-Subject-Token", second.header("X-Subject-Token")),
                "");
        assertThat(shown.body().get("token").get("expires_at").asString()).isEqualTo(expiry);
        assertThat(shown.body().get("token").has("catalog")).isFalse();

        // It is refused if the request has no token to show, or comes from a caller with another key.
        assertThat(service.send("GET", "/v3/auth/tokens", Map.of("X-Auth-Token", token), "")
                        .status())
                .isEqualTo(401);
        assertThat(service.call(otherTeam, "GET", "/v3/auth/tokens", "", Map.of("X-Subject-Token", token))
                        .status())
                .isEqualTo(401);
    }

    /** Requests a token; {@code AK} and {@code SK} in the identity stand for the key of the team. */
    private Answer token(String identity, String scope) {
        return service.send(
                "POST",
                "/v3/auth/tokens",
                JSON,
                "{\"auth\":{\"identity\":" + filled(identity) + (scope.isEmpty() ? "" : ",\"scope\":" + scope) + "}}");
    }

    /** Returns an identity with the key of the team instead of {@code AK} and {@code SK}. */
    private String filled(String identity) {
        return identity.replace("\"AK\"", "\"" + teamKey.accessKey() + "\"")
                .replace("\"SK\"", "\"" + teamKey.secretKey() + "\"");
    }

    /** Returns an identity with the key of the team, which {@link #filled} fills in. */
    private static String identityOfTeam() {
        return "{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{\"access\":{\"key\":\"AK\"},\"secret\":{\"key\":\"SK\"}}}";
    }
}
