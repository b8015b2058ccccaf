package io.keysweep.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.egress.HostResolver;
import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests when {@link Issuer} fetches the keys of an OpenID Connect issuer, what an outage of the issuer means, and which
 * discovery documents are accepted.
 */
class IssuerTest {

    private static final String ISSUER = "https://issuer.example/realm";
    private static final RSAKey KEY = TestIssuer.newKey();

    /** A download reads the discovery document and the keys. */
    private static final int CALLS_PER_DOWNLOAD = 2;

    /** The limit of {@link RefreshLimit}. */
    private static final int MAX_DOWNLOADS_PER_MINUTE = 10;

    private final ManualClock clock = new ManualClock();
    private String discovery = document(ISSUER, "https://issuer.example");
    private boolean isDown;
    private int calls;

    /** Runs before the issuer answers a call. */
    private Callable<@Nullable Void> beforeAnswer = () -> null;

    private final Issuer issuer = new Issuer(settings(ISSUER), this::answer, clock);

    @Test
    void keys_ofKnownAndUnknownIds_areFetchedOnceAndThenWithinALimit() {
        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);
        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);
        assertThat(calls).isEqualTo(CALLS_PER_DOWNLOAD);

        // Unknown key ids cause downloads up to the limit. Such an id means 401, not 503, because made-up key ids must
        // not look like an outage.
        for (int i = 0; i < 100; i++) {
            assertThat(issuer.keys(header("unknown " + i))).isEmpty();
        }
        assertThat(calls).isEqualTo(CALLS_PER_DOWNLOAD * MAX_DOWNLOADS_PER_MINUTE);

        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);

        clock.advance(Duration.ofMinutes(2));
        assertThat(issuer.keys(header("unknown"))).isEmpty();
    }

    @Test
    void keys_inAnOutageOfTheIssuer_areValidForAnHourAndThenRefused() {
        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);

        // For an hour, the known keys are valid.
        isDown = true;
        assertThat(issuer.keys(header("unknown"))).isEmpty();

        clock.advance(Duration.ofMinutes(59));
        assertThat(issuer.keys(header("unknown"))).isEmpty();
        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);
        assertThat(issuer.endpoints().token()).isEqualTo(URI.create("https://issuer.example/token"));

        // After the hour, nothing is valid until the issuer answers again.
        clock.advance(Duration.ofMinutes(2));
        assertThatThrownBy(() -> issuer.keys(header(KEY.getKeyID()))).hasMessageContaining("cannot be reached");
        assertThatThrownBy(issuer::endpoints).hasMessageContaining("cannot be reached");

        isDown = false;
        clock.advance(Duration.ofMinutes(1));

        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);
    }

    @Test
    void knownKeys_duringASlowFetchForAMadeUpKeyId_areNotDelayed() throws Exception {
        assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);

        clock.advance(Duration.ofMinutes(11));
        CountDownLatch fetchBegun = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        beforeAnswer = () -> {
            fetchBegun.countDown();
            answers.await();
            return null;
        };
        try (ExecutorService stranger = Executors.newSingleThreadExecutor()) {
            Future<?> madeUp = stranger.submit(() -> issuer.keys(header("made up")));
            fetchBegun.await();

            // The stranger's request holds the lock until the issuer answers, which it has not done yet.
            assertThat(issuer.keys(header(KEY.getKeyID()))).hasSize(1);
            assertThat(madeUp).isNotDone();

            answers.countDown();
        }
    }

    @Test
    void discovery_ofAnotherIssuerOrWithoutTls_isNotUsed() {
        for (String document : List.of(
                document("https://issuer.example/other", "https://issuer.example"),
                document(ISSUER + "/", "https://issuer.example"),
                document(ISSUER, "http://issuer.example"),
                document(ISSUER, "file:"),
                "{}",
                "no JSON")) {
            assertThatThrownBy(() -> IssuerEndpoints.of(document, settings(ISSUER)))
                    .as(document)
                    .isInstanceOf(IOException.class);
        }
        discovery = document("https://issuer.example/other", "https://issuer.example");

        assertThatThrownBy(() -> issuer.keys(header(KEY.getKeyID()))).hasMessageContaining("cannot be reached");
    }

    @Test
    void issuer_atAnAddressThatTheEgressPolicyDenies_isNotCalled() {
        EgressPolicy denied = new EgressPolicy(
                IpNetwork.parseList("10.0.0.0/8"), List.of(), PortRange.parseList("1-65535"), /* unixSockets= */ false);
        try (TestIssuer real = new TestIssuer();
                IssuerHttp http = new IssuerHttp(new EgressGate(denied, HostResolver.SYSTEM))) {
            assertThatThrownBy(() -> http.get(IssuerEndpoints.discovery(real.issuer())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("must not be connected to");
        }
    }

    /** Answers a call as the issuer. */
    private String answer(URI uri) throws IOException {
        calls++;
        try {
            beforeAnswer.call();
        } catch (Exception e) {
            throw new IOException(e);
        }
        if (isDown) {
            throw new IOException("nothing listens there");
        }
        return uri.getPath().endsWith("/keys") ? new JWKSet(KEY).toString() : discovery;
    }

    private static JWSHeader header(String keyId) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build();
    }

    private static String document(String issuer, String base) {
        return "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + base
                + "/authorize\",\"token_endpoint\":\"" + base + "/token\",\"jwks_uri\":\"" + base + "/keys\"}";
    }

    private static OidcSettings settings(String issuer) {
        return new OidcSettings(
                issuer,
                "Example",
                "keysweep",
                /* clientSecret= */ null,
                /* scopes= */ "openid",
                /* audience= */ null,
                /* userClaim= */ "sub",
                /* rolesClaim= */ "groups",
                /* roles= */ List.of(),
                Set.of("RS256"));
    }
}
