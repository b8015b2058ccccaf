package io.keysweep.server.oidc;

import io.keysweep.server.config.OidcSettings;
import java.io.IOException;
import java.net.URI;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Contains the URLs in the discovery document of the issuer (OpenID Connect Discovery 1.0, section 3).
 *
 * @param authorization URL to which a browser goes to sign in
 * @param token URL at which the service exchanges a code for tokens
 * @param keys URL of the public keys of the issuer
 */
record IssuerEndpoints(URI authorization, URI token, URI keys) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Returns the URL of the discovery document of an issuer. */
    static URI discovery(String issuer) {
        return URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration");
    }

    /**
     * Reads a discovery document.
     *
     * @throws IOException if the document names another issuer, or if a URL is missing or does not begin with {@code
     *     https://}; an issuer on this machine may use {@code http://}
     */
    static IssuerEndpoints of(String document, OidcSettings settings) throws IOException {
        try {
            JsonNode node = JSON.readTree(document);
            if (!node.path("issuer").asString("").equals(settings.issuer())) {
                throw new IOException("the discovery document is not of the issuer " + settings.issuer());
            }
            return new IssuerEndpoints(
                    endpoint(node, "authorization_endpoint", settings),
                    endpoint(node, "token_endpoint", settings),
                    endpoint(node, "jwks_uri", settings));
        } catch (JacksonException e) {
            throw new IOException("the discovery document is not JSON", e);
        }
    }

    /** Returns a URL of the discovery document; refuses a URL that is missing or not safe. */
    private static URI endpoint(JsonNode document, String name, OidcSettings settings) throws IOException {
        try {
            URI uri = URI.create(document.path(name).asString(""));
            boolean isSafe =
                    "https".equals(uri.getScheme()) || (settings.isLoopback() && "http".equals(uri.getScheme()));
            if (isSafe && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The throw statement below also reports a text that is no URL.
        }
        throw new IOException("the discovery document has no https:// URL as " + name);
    }
}
