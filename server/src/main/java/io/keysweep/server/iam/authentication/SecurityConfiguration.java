package io.keysweep.server.iam.authentication;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.admission.RequestBodies;
import io.keysweep.server.config.ServiceSettings;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Configures the security of the APIs: every request needs a signature or a token, except requests for public paths.
 *
 * <p>The APIs have no sessions, cookies or login forms; the web console has its own configuration.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** The control character after the printable characters of ASCII. */
    private static final char DELETE = 0x7F;

    /**
     * Creates the filters that authenticate requests to the APIs and answer refused requests. These paths are public:
     * the version documents, the descriptions of the APIs with the page that shows them, requests for tokens, and error
     * pages.
     */
    @Bean
    @ConditionalOnWebApplication
    SecurityFilterChain apis(
            HttpSecurity http,
            CallerAuthentication authentication,
            ServiceSettings settings,
            RequestBodies bodies,
            ClientLimits limits,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        // Protection against forged requests (CSRF) is off: browsers never add credentials for the APIs to a request,
        // so a foreign page cannot forge a request.
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // The filter runs after the one that writes security headers, so that its 404 answers also have these
                // headers.
                .addFilterAfter(new RoleFilter(settings.roles(), errors), HeaderWriterFilter.class)
                .addFilterBefore(
                        new AuthenticationFilter(authentication, bodies, limits, errors), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/", "/v3", "/v3/", "/api/v1/openapi.json")
                        .permitAll()
                        .requestMatchers("/docs", "/docs/**")
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, "/v3/auth/tokens")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, thrown) ->
                                errors.resolveException(request, response, /* handler= */ null, thrown))
                        .accessDeniedHandler((request, response, thrown) ->
                                errors.resolveException(request, response, /* handler= */ null, thrown)))
                .build();
    }

    /**
     * Refuses the control characters of ASCII in headers, except the tab. Spring's own rule also refuses the control
     * characters of Latin-1. Tomcat reads each byte as one character of Latin-1, so text in UTF-8 can contain such
     * characters.
     */
    @Bean
    @ConditionalOnWebApplication
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderValues(value -> value.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == DELETE));
        return firewall;
    }

    /**
     * Answers URLs that Spring's firewall rejects, such as one with a double slash, in the form of all other errors.
     */
    @Bean
    @ConditionalOnWebApplication
    RequestRejectedHandler rejectedRequests(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        return (request, response, thrown) -> errors.resolveException(request, response, /* handler= */ null, thrown);
    }
}
