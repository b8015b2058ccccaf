package io.keysweep.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Acts as an OpenID Connect issuer on loopback: discovery, keys, and the authorization code flow with PKCE. */
final class TestIssuer implements AutoCloseable {

    /** The id of the service as a client of the issuer. */
    static final String CLIENT = "keysweep";

    /** The secret of that client; its characters must be encoded in the header Authorization. */
    static final String SECRET = "secret of the client, with = and +";

    /** The audience of tokens for the APIs of the service. */
    static final String AUDIENCE = "keysweep-api";

    private final HttpServer http;
    private final String issuer;

    /** The parameters of each sign-in that has begun, by the code that the browser received. */
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    private final AtomicInteger exchanges = new AtomicInteger();
    private volatile RSAKey key = newKey();

    /** Whether the issuer answers every request with 503. */
    private volatile boolean away;

    private volatile UnaryOperator<JWTClaimsSet.Builder> idTokenChange = UnaryOperator.identity();

    TestIssuer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        issuer = "http://127.0.0.1:" + http.getAddress().getPort() + "/realm";
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/realm", this::answer);
        http.start();
    }

    String issuer() {
        return issuer;
    }

    RSAKey key() {
        return key;
    }

    /** Replaces the signing key, also in the set of published keys. */
    void rotate() {
        key = newKey();
    }

    /** Returns how often the service has sent a code. */
    int exchanges() {
        return exchanges.get();
    }

    /** Sets whether every request is answered with 503. */
    void setAway(boolean isAway) {
        away = isAway;
    }

    /** Changes the claims of the ID tokens that follow. */
    void changeIdTokens(UnaryOperator<JWTClaimsSet.Builder> change) {
        idTokenChange = change;
    }

    /** Returns the claims of a valid token for the APIs. */
    JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("7c1f")
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
                .claim("preferred_username", "alice")
                .claim("realm_access", Map.of("roles", List.of("dba", "other")));
    }

    /** Signs claims with the current key. */
    String sign(JWTClaimsSet claims) {
        return sign(claims, key, JWSAlgorithm.RS256);
    }

    /** Signs claims with any key and algorithm. */
    static String sign(JWTClaimsSet claims, RSAKey key, JWSAlgorithm algorithm) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers a request as the issuer. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/realm".length());
            if (away) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            switch (path) {
                case "/.well-known/openid-configuration" ->
                    send(
                            exchange,
                            200,
                            "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + issuer
                                    + "/authorize\",\"token_endpoint\":\"" + issuer + "/token\",\"jwks_uri\":\""
                                    + issuer
                                    + "/keys\"}");
                case "/keys" -> send(exchange, 200, new JWKSet(key).toString());
                case "/authorize" -> authorize(exchange);
                case "/token" -> exchangeCode(exchange);
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    /** Sends the browser back with a code, as after a sign-in. */
    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = parameters(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        exchange.getResponseHeaders()
                .set("Location", query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
        exchange.sendResponseHeaders(302, -1);
    }

    /** Answers a code with an ID token, if the client's secret and the PKCE verifier of the code are right. */
    private void exchangeCode(HttpExchange exchange) throws IOException {
        exchanges.incrementAndGet();
        Map<String, String> form =
                parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, String> signInOfCode = codes.remove(form.getOrDefault("code", ""));

        // The client's id and secret, the address to return to and the PKCE verifier must match.
        String basic = "Basic "
                + Base64.getEncoder()
                        .encodeToString((CLIENT + ":secret+of+the+client%2C+with+%3D+and+%2B")
                                .getBytes(StandardCharsets.US_ASCII));
        boolean isRight = signInOfCode != null
                && basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                && Objects.equals(signInOfCode.get("redirect_uri"), form.get("redirect_uri"))
                && hash(form.getOrDefault("code_verifier", "")).equals(signInOfCode.get("code_challenge"));
        if (signInOfCode == null || !isRight) {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }

        JWTClaimsSet claims = idTokenChange
                .apply(claims().audience(CLIENT).claim("nonce", signInOfCode.get("nonce")))
                .build();
        send(exchange, 200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"" + sign(claims) + "\"}");
    }

    /** Returns the PKCE challenge that belongs to a verifier. */
    private static String hash(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads the parameters of a query or a form. */
    private static Map<String, String> parameters(String text) {
        return Stream.of(text.split("&", -1))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
