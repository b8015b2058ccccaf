package io.keysweep.server.iam.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.iam.signature.ChainedSigner;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests the versions, the catalog and the lists that clients of the Identity API read to find the service. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityCatalogIT {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private TestService service;
    private Credentials teamKey;
    private Credentials otherTeam;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        teamKey = service.project("catalogued");
        otherTeam = service.project("uncatalogued");
        service.register(teamKey, "orders", "redis://127.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/json", "*/*", "application/json, text/html"})
    void rootPath_forAProgram_isTheVersionDocument(String accept) {
        Answer answer = service.send("GET", "/", accept.isEmpty() ? Map.of() : Map.of("Accept", accept), "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");

        JsonNode version = answer.body().get("versions").get("values").get(0);
        assertThat(version.get("id").asString()).startsWith("v3");
        assertThat(version.get("status").asString()).isEqualTo("stable");
        assertThat(version.get("links").get(0).get("href").asString()).isEqualTo(service.endpoint() + "/v3/");
        assertThat(service.send("POST", "/", JSON, "{}").status()).isEqualTo(405);
    }

    @Test
    void rootPath_forABrowser_leadsToTheConsole() throws Exception {
        Answer answer = service.send(
                "GET", "/", Map.of("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).isEqualTo("/console");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v3", "/v3/"})
    void versionOfIdentity_withoutCredentials_isShown(String path) {
        Answer answer = service.send("GET", path, Map.of(), "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("version").get("id").asString()).startsWith("v3");
    }

    @ParameterizedTest
    @CsvSource({
        // path, name of the list in the answer, size of the list
        "/v3/services?type=dcs, services, 1",
        "/v3/services?type=dcs&name=dcs, services, 1",
        "/v3/services?type=dcs&name=iam, services, 0",
        "/v3/services?type=rds, services, 0",
        "/v3/endpoints?interface=public, endpoints, 6",
        "/v3/endpoints?interface=admin, endpoints, 0",
        "/v3/endpoints?service_id=none, endpoints, 0",
        "/v3/endpoints?region_id=eu-de, endpoints, 3",
        "/v3/projects?enabled=true, projects, 1",
        "/v3/projects?enabled=false, projects, 0",
        "/v3/projects?is_domain=true, projects, 0",
        "/v3/projects?page=1&per_page=1, projects, 1",
        "/v3/projects?page=2&per_page=1, projects, 0",
        "/v3/projects?domain_id=any&name=eu-de, projects, 1",
    })
    void list_withAFilter_hasOnlyMatchingEntries(String path, String list, int size) {
        Answer answer = service.call(teamKey, "GET", path, "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get(list)).as(answer.response().body()).hasSize(size);
    }

    /** OpenStack's clients first search for the service, and then for its endpoint. */
    @Test
    void endpoints_filteredByServiceAndRegion_areOnlyTheEndpointOfTheService() {
        String id = service.call(teamKey, "GET", "/v3/services?type=dcs", "")
                .body()
                .at("/services/0/id")
                .asString();
        JsonNode endpoints = service.call(
                        teamKey, "GET", "/v3/endpoints?interface=public&service_id=" + id + "&region_id=eu-de", "")
                .body()
                .get("endpoints");

        assertThat(endpoints).hasSize(1);
        assertThat(endpoints.get(0).get("url").asString()).endsWith("/v2/" + teamKey.projectId());
    }

    @Test
    void list_withAnEmptyName_isNotFiltered() {
        assertThat(service.call(teamKey, "GET", "/v3/projects?name=", "")
                        .body()
                        .at("/projects/0/name")
                        .asString())
                .isEqualTo("catalogued");
        assertThat(service.call(teamKey, "GET", "/v3/auth/domains?name=", "")
                        .body()
                        .at("/domains/0/name")
                        .asString())
                .isEqualTo("Default");
    }

    @Test
    void catalogAndServices_haveTheUrlsOfTheCallersProject() {
        JsonNode catalog =
                service.call(teamKey, "GET", "/v3/auth/catalog", "").body().get("catalog");
        assertThat(IdentityCatalog.endpoint(catalog, "identity", "eu-nl")).isEqualTo(service.endpoint() + "/v3");
        assertThat(IdentityCatalog.endpoint(catalog, "dcs", "eu-de"))
                .isEqualTo(service.endpoint() + "/v2/" + teamKey.projectId());

        // Each endpoint belongs to one of the three services.
        JsonNode services =
                service.call(teamKey, "GET", "/v3/services", "").body().get("services");
        JsonNode endpoints =
                service.call(teamKey, "GET", "/v3/endpoints", "").body().get("endpoints");

        assertThat(services).hasSize(3);
        assertThat(endpoints).hasSize(6);
        for (JsonNode endpoint : endpoints) {
            assertThat(services.valueStream().map(each -> each.get("id").asString()))
                    .contains(endpoint.get("service_id").asString());
        }

        // Without credentials, the lists are refused.
        for (String path : new String[] {"/v3/auth/catalog", "/v3/auth/projects", "/v3/auth/domains", "/v3/services"}) {
            assertThat(service.send("GET", path, Map.of(), "").errorCode())
                    .as(path)
                    .isEqualTo(ErrorCode.NO_TOKEN.code());
        }
    }

    @Test
    void clientOfOpenTelekomCloud_findsTheEndpointInTheCatalog_andCallsIt() {
        // The client signs with a key that is derived in a chain. It first reads the project and the catalog.
        String host = URI.create(service.endpoint()).getAuthority();
        ChainedSigner signer =
                new ChainedSigner(teamKey.accessKey(), teamKey.secretKey(), /* region= */ "", /* service= */ "");
        Instant now = InstantSource.system().instant();
        assertThat(chained(signer, host, "GET", "/v3/projects", "name=eu-de", now)
                        .body()
                        .get("projects")
                        .get(0)
                        .get("id")
                        .asString())
                .isEqualTo(teamKey.projectId());

        // The client replaces the version in the path of the endpoint, and calls the endpoint.
        JsonNode catalog =
                chained(signer, host, "GET", "/v3/auth/catalog", "", now).body().get("catalog");
        String url = IdentityCatalog.endpoint(catalog, "dcsv1", "eu-de").replaceFirst("v1.0", "v2");
        String instances = IdentityCatalog.path(service, url) + "/instances";
        assertThat(chained(signer, host, "GET", instances, "limit=5&offset=0", now)
                        .body()
                        .get("instance_num")
                        .asInt())
                .isEqualTo(1);

        // Late requests and wrong secrets are refused.
        Answer lateAnswer = chained(signer, host, "GET", instances, "", now.minusSeconds(3_600));
        assertThat(lateAnswer.errorCode()).isEqualTo(ErrorCode.INVALID_TOKEN.code());

        ChainedSigner signerWithWrongSecret =
                new ChainedSigner(teamKey.accessKey(), otherTeam.secretKey(), /* region= */ "", /* service= */ "");
        assertThat(chained(signerWithWrongSecret, host, "GET", instances, "", now)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_TOKEN.code());
    }

    /** Sends a request that a client of Open Telekom Cloud has signed at the time {@code at}. */
    private Answer chained(ChainedSigner signer, String host, String method, String path, String query, Instant at) {
        Map<String, String> headers = new HashMap<>(signer.sign(method, host, path, query, "", Map.of(), at));
        headers.remove("host");
        return service.send(method, path + (query.isEmpty() ? "" : "?" + query), headers, "");
    }
}
