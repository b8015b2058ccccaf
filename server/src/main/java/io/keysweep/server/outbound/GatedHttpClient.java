package io.keysweep.server.outbound;

import io.keysweep.engine.egress.EgressGate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * Creates HTTP clients that connect only to addresses that the {@link EgressGate} allows.
 *
 * <p>Java's own HTTP client is not used, because it resolves the host of a URL itself. If the host has several
 * addresses, or if the DNS answer changes, that client could connect to an address that the gate has not checked.
 */
public final class GatedHttpClient {

    /**
     * The maximum number of connections. It is higher than the number of worker threads, so that no delivery of a
     * webhook waits for the connection of another one.
     */
    private static final int MAX_CONNECTIONS = 1_000;

    private GatedHttpClient() {}

    /**
     * Creates a client that opens a connection for each request. It neither follows redirects nor repeats requests, and
     * keeps no cookies: each attempt is exactly one request.
     *
     * @param timeLimit the longest wait for a connection, and for each part of the response
     * @param gate resolves hosts and checks their addresses
     */
    public static CloseableHttpClient create(Duration timeLimit, EgressGate gate) {
        Timeout timeout = Timeout.of(timeLimit);
        return HttpClients.custom()
                .setUserAgent("Keysweep")
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new CheckedResolver(gate))
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(timeout)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableCookieManagement()
                .disableContentCompression()
                .build();
    }

    /** Resolves hosts through the gate; the client connects to the address that this class returns. */
    private record CheckedResolver(EgressGate gate) implements DnsResolver {

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            return List.of(gate.resolve(host, port));
        }

        @Override
        public InetAddress[] resolve(String host) {
            throw new UnsupportedOperationException("a host is resolved together with its port");
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
