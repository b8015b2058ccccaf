package io.keysweep.server.admission;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Applies the limits of connections to the metrics port, if the settings name one.
 *
 * <p>Spring Boot serves that port from a second application context, to which a file in {@code META-INF/spring} adds
 * this class. Both ports share one {@link ConnectionGuard}, because all connections together must fit the heap.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@Conditional(MetricsPortLimits.OnSecondContext.class)
class MetricsPortLimits {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> metricsConnectorLimits(ConnectorLimits limits) {
        // The bean is a function and not the object itself, because this context destroys its beans when it closes. It
        // would otherwise close the guard of both ports.
        return factory -> limits.customize(factory);
    }

    @Bean
    FilterRegistrationBean<PhaseFilter> metricsPhaseFilter() {
        FilterRegistrationBean<PhaseFilter> registration = new FilterRegistrationBean<>(new PhaseFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /**
     * Matches only the second context. The main context scans this package, and would otherwise apply the limits to its
     * port a second time.
     */
    static final class OnSecondContext implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return context.getBeanFactory() != null && context.getBeanFactory().getParentBeanFactory() != null;
        }
    }

    /** Sets the phase of each connection, as {@link AdmissionFilter} does at the main port. */
    static final class PhaseFilter extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            ClientConnection connection = ClientConnection.current();
            connection.serve();
            try {
                chain.doFilter(request, new TimedResponse(response, connection));
            } finally {
                connection.awaitNextRequest();
            }
        }
    }
}
