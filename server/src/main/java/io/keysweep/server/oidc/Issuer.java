package io.keysweep.server.oidc;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the endpoints and the public keys of the issuer, and asks the issuer for them when it must.
 *
 * <p>Both are loaded at the first use and again after {@value #FRESH_MINUTES} minutes. An unknown key makes the service
 * load the keys at once, within {@link RefreshLimit}. While the issuer does not answer or must not be asked, known keys
 * are used for an hour. Without any known key, the service refuses with 503. Safe for use by several threads.
 */
final class Issuer {

    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);

    private static final int FRESH_MINUTES = 10;
    private static final Duration FRESH = Duration.ofMinutes(FRESH_MINUTES);
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /** The time that a request waits while another one asks the issuer. */
    private static final int MAX_WAIT_SECONDS = 5;

    private final OidcSettings settings;
    private final Documents documents;
    private final InstantSource clock;
    private final RefreshLimit limit;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Known known;

    /** Loads documents of the issuer. */
    @FunctionalInterface
    interface Documents {

        /** Returns the text of a document, or throws an exception if the issuer does not answer with it. */
        String get(URI uri) throws IOException;
    }

    /** Holds what the issuer has answered. */
    private record Known(IssuerEndpoints endpoints, JWKSet keys, Instant loadedAt) {

        List<JWK> select(JWSHeader header) {
            JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
            return matcher == null ? List.of() : new JWKSelector(matcher).select(keys);
        }
    }

    Issuer(OidcSettings settings, Documents documents, InstantSource clock) {
        this.settings = settings;
        this.documents = documents;
        this.clock = clock;
        this.limit = new RefreshLimit(clock);
    }

    /**
     * Returns the endpoints.
     *
     * @throws RequestRefusedException if they are not known, and the issuer does not answer
     */
    IssuerEndpoints endpoints() {
        Known present = known;
        return (present != null && isYounger(present, FRESH) ? present : refreshed(present, MAX_WAIT_SECONDS))
                .endpoints();
    }

    /**
     * Returns the keys that can have made a signature; none if the issuer has no such key, as far as is known.
     *
     * <p>The result is also empty if a key is unknown and the issuer does not answer or must not be asked again yet,
     * although the issuer could have a new key. The token is then refused like a forged one (401), not with 503: otherwise
     * made-up key ids would use up the limit and make the service report an outage that does not exist.
     *
     * @throws RequestRefusedException if no key is known, and the issuer does not answer
     */
    List<JWK> keys(JWSHeader header) {
        Known present = known;
        List<JWK> found = present != null && isYounger(present, MAX_AGE) ? present.select(header) : List.of();
        if (present != null && isYounger(present, FRESH) && !found.isEmpty()) {
            return found;
        }
        // A token of a known key does not wait for requests whose tokens have made-up ones.
        return refreshed(present, found.isEmpty() ? MAX_WAIT_SECONDS : 0).select(header);
    }

    /**
     * Returns what the issuer answers now, or what it has answered within the last hour.
     *
     * @param waitSeconds how long to wait while another thread asks the issuer
     */
    private Known refreshed(@Nullable Known present, int waitSeconds) {
        Known next = refresh(present, waitSeconds);
        if (next != null) {
            return next;
        }
        if (present != null && isYounger(present, MAX_AGE)) {
            return present;
        }
        throw unavailable();
    }

    /**
     * Asks the issuer, unless another thread has done so since.
     *
     * @return what is known now; null if the issuer does not answer, or must not be asked now
     */
    private @Nullable Known refresh(@Nullable Known seen, int waitSeconds) {
        try {
            if (!lock.tryLock(waitSeconds, TimeUnit.SECONDS)) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        try {
            Known present = known;
            if (present != null && !present.equals(seen)) {
                return present;
            }
            if (!limit.tryCall()) {
                return null;
            }
            IssuerEndpoints endpoints =
                    IssuerEndpoints.of(documents.get(IssuerEndpoints.discovery(settings.issuer())), settings);
            JWKSet keys = JWKSet.parse(documents.get(endpoints.keys()));
            Known next = new Known(endpoints, keys, clock.instant());
            known = next;
            return next;
        } catch (IOException | ParseException e) {
            limit.recordFailure();
            LOG.warn("The OpenID Connect issuer {} cannot be used: {}", settings.issuer(), describe(e));
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isYounger(Known answer, Duration age) {
        return clock.instant().isBefore(answer.loadedAt().plus(age));
    }

    /** Returns why a call has failed. The message of a parser could repeat the document. */
    private static String describe(Exception e) {
        return e instanceof ParseException ? "its keys are not a JSON Web Key Set" : String.valueOf(e.getMessage());
    }

    /** Returns the refusal of a request that needs the issuer. */
    static RequestRefusedException unavailable() {
        return RequestRefusedException.of(ErrorCode.ISSUER_UNAVAILABLE, "Try again in some seconds.");
    }
}
