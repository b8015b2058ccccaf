package io.keysweep.server.config;

import java.time.Duration;
import java.util.List;

/**
 * Sets how clients find the service, which proxies may report a client's address, and how long people stay signed in.
 *
 * @param catalogRegions names of the regions in the service catalog; default {@code eu-de} and {@code eu-nl}
 * @param trustedProxies addresses and networks of the proxies whose {@code X-Forwarded-*} headers are used; default
 *     none
 * @param sessionIdle time without a request by its user after which a session of the console ends; default 30 min
 * @param sessionLifetime time after which a session of the console ends in any case; default 12 h
 */
public record AccessSettings(
        List<String> catalogRegions, List<String> trustedProxies, Duration sessionIdle, Duration sessionLifetime) {

    /** The settings of an operator who has set none of them. */
    public static final AccessSettings DEFAULT = new AccessSettings(
            List.of("eu-de", "eu-nl"),
            /* trustedProxies= */ List.of(),
            /* sessionIdle= */ Duration.ofMinutes(30),
            /* sessionLifetime= */ Duration.ofHours(12));

    public AccessSettings {
        catalogRegions = List.copyOf(catalogRegions);
        trustedProxies = List.copyOf(trustedProxies);
    }
}
