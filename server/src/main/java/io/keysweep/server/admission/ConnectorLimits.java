package io.keysweep.server.admission;

import io.keysweep.server.config.LimitSettings;
import io.keysweep.server.config.ServiceSettings;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Makes Tomcat use {@link GuardedProtocol}, with the limits of time and of connections from the settings.
 *
 * <p>If the operator has set no number of connections, it follows from the maximum size of the heap.
 */
@Component
@ConditionalOnWebApplication
final class ConnectorLimits implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, DisposableBean {

    /**
     * Tomcat may have more connections than the guard allows. The extra connections are the limit of the guard divided
     * by this number, that is, a quarter. Without them, Tomcat could not accept the new connection for which the guard
     * makes room, while Tomcat still closes the ended connections.
     */
    private static final int EXTRA_DIVISOR = 4;

    /** The number of connections that the operating system queues until Tomcat accepts them. */
    private static final int ACCEPT_COUNT = 1024;

    private final LimitSettings limits;
    private final int connections;
    private final ConnectionGuard guard;

    ConnectorLimits(ServiceSettings settings) {
        this.limits = settings.limits();
        this.connections = limits.connections(Runtime.getRuntime().maxMemory());
        this.guard = new ConnectionGuard(connections, limits.requestTime(), limits.idleTime());
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(GuardedProtocol.class.getName());
        factory.addConnectorCustomizers(connector -> {
            if (connector.getProtocolHandler() instanceof GuardedProtocol protocol) {
                protocol.setMaxConnections(connections + connections / EXTRA_DIVISOR);
                protocol.setAcceptCount(ACCEPT_COUNT);
                // This timeout limits one read or write that makes no progress. The guard limits the time of all of
                // them together.
                protocol.setConnectionTimeout(
                        Math.toIntExact(limits.requestTime().toMillis()));
                protocol.setKeepAliveTimeout(Math.toIntExact(limits.idleTime().toMillis()));
                // A client that waits for 100 (Continue) sends no body if its head is refused.
                protocol.setContinueResponseTiming("onRead");
                protocol.guardBy(guard);
            }
        });
    }

    @Override
    public void destroy() {
        guard.close();
    }
}
