package io.keysweep.server.error;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Makes Tomcat answer the requests that it refuses itself through {@link JsonErrorValve}, which returns JSON.
 *
 * <p>Tomcat passes encoded slashes and backslashes on, so that Spring's firewall refuses them with the path's own error.
 */
@Component
final class TomcatErrorConfiguration implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String PASS_ON = "passthrough";

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> {
            connector.setEncodedSolidusHandling(PASS_ON);
            connector.setEncodedReverseSolidusHandling(PASS_ON);
        });
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(JsonErrorValve.class.getName());
            }
        });
    }
}
