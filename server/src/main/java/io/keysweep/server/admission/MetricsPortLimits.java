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
 * Applies the limits of connections to the port of the metrics, if they have a port of their own.
 *
 * <p>Spring Boot serves that port from a context of its own, which it finds this class for in {@code META-INF/spring}.
 * Both ports share one {@link ConnectionGuard}, because all connections together must fit the heap.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@Conditional(MetricsPortLimits.InContextOfItsOwn.class)
class MetricsPortLimits {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> metricsConnectorLimits(ConnectorLimits limits) {
        // A function of its own, because this context destroys its beans when it closes.
        return factory -> limits.customize(factory);
    }

    @Bean
    FilterRegistrationBean<PhaseFilter> metricsPhaseFilter() {
        FilterRegistrationBean<PhaseFilter> registration = new FilterRegistrationBean<>(new PhaseFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** Keeps the main context, which scans this package, from applying the limits to the main port a second time. */
    static final class InContextOfItsOwn implements Condition {

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
