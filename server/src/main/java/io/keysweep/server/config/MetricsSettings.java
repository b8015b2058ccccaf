package io.keysweep.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Contains the settings of the metrics page, which is closed unless an operator opens it with a port or a token.
 *
 * <p>With a port, the page is on that port. With a token alone, the page is on the port of the service.
 *
 * @param address host name or IP address on which the metrics port listens; default 127.0.0.1
 * @param port separate TCP port for {@code /metrics}, {@code /livez} and {@code /readyz}; 0 picks a free one; null
 *     for none (default)
 * @param token bearer token that {@code /metrics} requires (RFC 6750); null for none (default). Without a token,
 *     everybody who reaches the metrics port can read the page
 */
public record MetricsSettings(
        String address, @Nullable Integer port, @Nullable String token) {

    /** The default: no page with metrics. */
    public static final MetricsSettings NONE = new MetricsSettings("127.0.0.1", /* port= */ null, /* token= */ null);

    /** Returns whether the metrics page is served, on any port. */
    public boolean open() {
        return port != null || token != null;
    }

    /** Returns a text for logs, without the token. */
    @Override
    public String toString() {
        return "MetricsSettings[address=" + address + ", port=" + port + ", token=" + (token == null ? "none" : "***")
                + "]";
    }
}
