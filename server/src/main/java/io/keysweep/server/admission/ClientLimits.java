package io.keysweep.server.admission;

import io.keysweep.server.admission.ConcurrencyLimit.Taken;
import io.keysweep.server.config.LimitSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import org.springframework.stereotype.Component;

/**
 * Limits what one client may request from this process: requests per second, simultaneous requests, and event streams.
 *
 * <p>A client is an access key, or an address for requests without valid credentials. The limits of an access key apply
 * after its signature or token was verified, so that no client can use up the limits of another one. Each process of
 * the service counts separately. Thread-safe.
 */
@Component
public final class ClientLimits {

    private final LimitSettings limits;
    private final TokenBuckets addresses;
    private final TokenBuckets keys;
    private final ConcurrencyLimit requests;
    private final ConcurrencyLimit streams;

    ClientLimits(ServiceSettings settings) {
        this.limits = settings.limits();
        this.addresses = new TokenBuckets(limits.ratePerAddress(), System::nanoTime);
        this.keys = new TokenBuckets(limits.ratePerKey(), System::nanoTime);
        // The limit of connections (limits.connections) also limits the requests of all keys together.
        this.requests = new ConcurrencyLimit(limits.requestsPerKey(), Integer.MAX_VALUE);
        this.streams = new ConcurrencyLimit(
                limits.streamsPerKey(), limits.streams(Runtime.getRuntime().maxMemory()));
    }

    /**
     * Represents a request or an event stream of an access key, which counts toward a limit until this object is
     * closed.
     */
    @FunctionalInterface
    public interface CountedUse extends AutoCloseable {

        /** Stops counting the request or the event stream. Must be called exactly once. */
        @Override
        void close();
    }

    /**
     * Counts a request without valid credentials from an address. The caller must not count requests with valid
     * credentials here: many access keys can share an address or a proxy, and none of them may be refused because of
     * another client. IPv6 addresses of one {@link ClientNetwork} are counted together.
     *
     * @throws RequestRefusedException with 429 if the address sends too many requests without valid credentials
     */
    public void countAnonymous(String address) {
        if (!addresses.take(ClientNetwork.of(address))) {
            throw tooMany("One address may send " + limits.ratePerAddress()
                    + " requests without valid credentials per second.");
        }
    }

    /**
     * Begins a request of an access key. The caller must close the result when the request has ended.
     *
     * @throws RequestRefusedException with 429 if the key sends too many requests per second, or too many at the same
     *     time
     */
    public CountedUse beginRequest(String accessKey) {
        if (!keys.take(accessKey)) {
            throw tooMany("One access key may send " + limits.ratePerKey() + " requests per second.");
        }
        if (requests.take(accessKey) != Taken.YES) {
            throw tooMany("One access key may have " + limits.requestsPerKey() + " requests at once.");
        }
        return () -> requests.giveBack(accessKey);
    }

    /**
     * Begins an event stream of an access key. The caller must close the result when the stream has ended.
     *
     * @throws RequestRefusedException if the key has too many open streams (429), or all keys together have (503)
     */
    public CountedUse beginStream(String accessKey) {
        return switch (streams.take(accessKey)) {
            case KEY_LIMIT ->
                throw tooMany("One access key may have " + limits.streamsPerKey() + " event streams at once.");
            case TOTAL_LIMIT ->
                throw RequestRefusedException.of(
                        ErrorCode.OVERLOADED, "Too many event streams are open. Read the scan instead.");
            case YES -> () -> streams.giveBack(accessKey);
        };
    }

    private static RequestRefusedException tooMany(String detail) {
        return RequestRefusedException.of(ErrorCode.TOO_MANY_REQUESTS, detail);
    }
}
