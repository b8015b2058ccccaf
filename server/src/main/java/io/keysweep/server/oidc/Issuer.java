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
 * Downloads the endpoints and the public keys of the OpenID Connect issuer, and keeps them.
 *
 * <p>The first use downloads both. They are downloaded again by the first use after {@value #FRESH_MINUTES} minutes. A
 * token that is signed with an unknown key causes a download immediately. {@link RefreshLimit} limits the downloads.
 *
 * <p>If a download fails or the limit does not allow one, the endpoints and keys of the last download are used until
 * they are an hour old. After that, requests that need the issuer are refused with 503. Thread-safe.
 */
final class Issuer {

    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);

    private static final int FRESH_MINUTES = 10;
    private static final Duration FRESH = Duration.ofMinutes(FRESH_MINUTES);
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /** The maximum time that a request waits for the download of another request. */
    private static final int MAX_WAIT_SECONDS = 5;

    private final OidcSettings settings;
    private final Documents documents;
    private final InstantSource clock;
    private final RefreshLimit limit;
    private final ReentrantLock lock = new ReentrantLock();

    /** The result of the last download that succeeded; null before the first download. */
    private volatile @Nullable Download lastDownload;

    /** Loads documents of the issuer. */
    @FunctionalInterface
    interface Documents {

        /** Returns the text of a document; throws an exception if the issuer does not answer or refuses. */
        String get(URI uri) throws IOException;
    }

    /** Contains the endpoints and keys of one download. */
    private record Download(IssuerEndpoints endpoints, JWKSet keys, Instant loadedAt) {

        /** Returns the keys that can have made the signature of a token with this header. */
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
     * Returns the endpoints of the issuer.
     *
     * @throws RequestRefusedException if they are unknown or more than an hour old, and they cannot be downloaded
     */
    IssuerEndpoints endpoints() {
        Download current = lastDownload;
        return (current != null && isYounger(current, FRESH) ? current : downloadOrKeep(current, MAX_WAIT_SECONDS))
                .endpoints();
    }

    /**
     * Returns the keys that can have made the signature of a token.
     *
     * <p>If no known key fits, this method tries a download. If the download fails or the limit does not allow one, the
     * result is empty, although the issuer could have a new key. The calling code then refuses the token like a forged
     * one (401) and not with 503. Otherwise tokens with made-up key ids would use up the limit, and the service would
     * report an outage that does not exist.
     *
     * @param header header of the token, which names the algorithm and the id of the key
     * @throws RequestRefusedException if no keys are known or they are more than an hour old, and they cannot be
     *     downloaded
     */
    List<JWK> keys(JWSHeader header) {
        Download current = lastDownload;
        List<JWK> foundKeys = current != null && isYounger(current, MAX_AGE) ? current.select(header) : List.of();
        if (current != null && isYounger(current, FRESH) && !foundKeys.isEmpty()) {
            return foundKeys;
        }
        // A token with a known key does not wait for a download that a token with a made-up key has caused.
        return downloadOrKeep(current, foundKeys.isEmpty() ? MAX_WAIT_SECONDS : 0)
                .select(header);
    }

    /**
     * Returns a new download, or else the current one if it is less than an hour old.
     *
     * @param waitSeconds how long to wait for the download of another thread
     * @throws RequestRefusedException if there is neither
     */
    private Download downloadOrKeep(@Nullable Download current, int waitSeconds) {
        Download next = download(current, waitSeconds);
        if (next != null) {
            return next;
        }
        if (current != null && isYounger(current, MAX_AGE)) {
            return current;
        }
        throw unavailable();
    }

    /**
     * Downloads the endpoints and keys, unless another thread has done so since the caller read the last download.
     *
     * @param former the last download when the caller read it; null if there was none
     * @return the new download; null if it fails, is not allowed now, or another thread takes too long
     */
    private @Nullable Download download(@Nullable Download former, int waitSeconds) {
        try {
            if (!lock.tryLock(waitSeconds, TimeUnit.SECONDS)) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }

        try {
            // Another thread may have downloaded the documents while this thread waited for the lock.
            Download current = lastDownload;
            if (current != null && !current.equals(former)) {
                return current;
            }
            if (!limit.tryCall()) {
                return null;
            }

            IssuerEndpoints endpoints =
                    IssuerEndpoints.of(documents.get(IssuerEndpoints.discovery(settings.issuer())), settings);
            JWKSet keys = JWKSet.parse(documents.get(endpoints.keys()));
            Download next = new Download(endpoints, keys, clock.instant());
            lastDownload = next;
            return next;
        } catch (IOException | ParseException e) {
            limit.recordFailure();
            LOG.warn("The OpenID Connect issuer {} cannot be used: {}", settings.issuer(), describe(e));
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isYounger(Download download, Duration age) {
        return clock.instant().isBefore(download.loadedAt().plus(age));
    }

    /**
     * Returns why a download has failed, for the log. Leaves out the message of a parser, which could repeat the
     * document.
     */
    private static String describe(Exception e) {
        return e instanceof ParseException ? "its keys are not a JSON Web Key Set" : String.valueOf(e.getMessage());
    }

    /** Returns the error (503) for a request that needs the issuer while it cannot be reached. */
    static RequestRefusedException unavailable() {
        return RequestRefusedException.of(ErrorCode.ISSUER_UNAVAILABLE, "Try again in some seconds.");
    }
}
