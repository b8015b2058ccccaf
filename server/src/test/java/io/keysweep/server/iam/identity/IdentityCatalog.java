package io.keysweep.server.iam.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import tools.jackson.databind.JsonNode;

/** Reads URLs from the catalog of the Identity API, as its clients do. */
final class IdentityCatalog {

    private IdentityCatalog() {}

    /** Returns the public URL of a service in one region. */
    static String endpoint(JsonNode catalog, String type, String region) {
        return catalog.valueStream()
                .filter(entry -> entry.get("type").asString().equals(type))
                .flatMap(entry -> entry.get("endpoints").valueStream())
                .filter(endpoint -> endpoint.get("interface").asString().equals("public"))
                .filter(endpoint -> endpoint.get("region").asString().equals(region))
                .map(endpoint -> endpoint.get("url").asString())
                .findFirst()
                .orElseThrow();
    }

    /** Returns the path of a URL of the service. */
    static String path(TestService service, String url) {
        assertThat(url).startsWith(service.endpoint());
        return url.substring(service.endpoint().length());
    }
}
