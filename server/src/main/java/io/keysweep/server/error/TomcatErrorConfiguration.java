package io.keysweep.server.error;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Makes Tomcat use {@link JsonErrorValve}, which answers the requests that Tomcat itself refuses, in JSON.
 *
 * <p>Also makes Tomcat pass on URLs with encoded slashes and backslashes. Spring's firewall then refuses them, with an
 * error in the form that fits the path. Tomcat itself would refuse them without regard to the path.
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
