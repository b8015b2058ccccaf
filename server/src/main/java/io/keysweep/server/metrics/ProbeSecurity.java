package io.keysweep.server.metrics;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Configures who may read health and metrics, which load balancers and Prometheus request.
 *
 * <ul>
 *   <li>Every client may read {@code /livez} and {@code /readyz}, which contain a status and nothing else.
 *   <li>{@code /metrics} requires the token of the settings, if there is one. Without a token it exists only on its own
 *       port.
 *   <li>The other paths of Spring Boot's Actuator do not exist.
 * </ul>
 */
@Configuration(proxyBeanMethods = false)
class ProbeSecurity {

    private static final String ACTUATOR_HEALTH = "/health";

    /**
     * Creates the filter chain of the probes. It precedes the chains of the console and of the APIs, whose
     * authentication must not apply to probes.
     *
     * @param errors answers requests that are refused before they reach a controller
     */
    @Bean
    @Order(0)
    @ConditionalOnWebApplication
    SecurityFilterChain probes(
            HttpSecurity http,
            ServiceSettings settings,
            ClientLimits limits,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        return http.securityMatcher("/livez", "/readyz", ProbeFilter.PATH, ACTUATOR_HEALTH, ACTUATOR_HEALTH + "/**")
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new ProbeFilter(settings.metrics().token(), limits, errors), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(ACTUATOR_HEALTH, ACTUATOR_HEALTH + "/**")
                        .denyAll()
                        .anyRequest()
                        .permitAll())
                // A denied path is answered like a path that does not exist.
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint((request, response, thrown) -> errors.resolveException(
                                request,
                                response,
                                /* handler= */ null,
                                RequestRefusedException.of(ErrorCode.UNKNOWN_URL))))
                .build();
    }
}
