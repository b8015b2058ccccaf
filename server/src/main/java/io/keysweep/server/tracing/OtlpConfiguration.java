package io.keysweep.server.tracing;

import io.keysweep.server.config.ServiceSettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Provides the {@link Traces} that are sent to an OpenTelemetry collector, if the settings name one.
 *
 * <p>The class is separate from {@link TracingConfiguration}, so that the classes of OpenTelemetry are loaded only if
 * they are used.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = TracingConfiguration.PROPERTY, havingValue = "true")
class OtlpConfiguration {

    /**
     * The order of the filter of requests, after {@code AdmissionFilter} and the filters of the audit log. Requests
     * that {@code AdmissionFilter} refuses leave no spans.
     */
    private static final int AFTER_ADMISSION = Ordered.HIGHEST_PRECEDENCE + 4;

    @Bean
    OtlpTraces otlpTraces(ServiceSettings settings) {
        return new OtlpTraces(settings.tracing());
    }

    @Bean
    @ConditionalOnWebApplication
    FilterRegistrationBean<RequestSpans> requestSpans(OtlpTraces traces) {
        FilterRegistrationBean<RequestSpans> registration = new FilterRegistrationBean<>(new RequestSpans(traces));
        registration.setOrder(AFTER_ADMISSION);
        return registration;
    }
}
