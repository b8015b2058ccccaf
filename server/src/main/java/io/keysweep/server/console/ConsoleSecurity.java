package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.DispatcherType;
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
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * What guards the console: its session on every page but the sign-in, a token against forged forms on every change, and
 * a policy that lets a page load nothing but what this service sends.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

    private static final String CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /** Ahead of the APIs' chain, which takes all paths that are not these. */
    @Bean
    @Order(1)
    @ConditionalOnWebApplication
    SecurityFilterChain console(
            HttpSecurity http,
            Sessions sessions,
            ServiceSettings settings,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        boolean here = settings.roles().contains(Role.CONSOLE);
        return http.securityMatcher(request -> here && ConsolePath.covers(request.getRequestURI()))
                .csrf(csrf -> csrf.csrfTokenRepository(formTokens()))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(management -> management.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                .addFilterBefore(new SessionFilter(sessions, errors), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/", SignInController.PATH, ConsoleAssets.PATHS)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .exceptionHandling(handling -> handling.authenticationEntryPoint(new SignInRedirect())
                        .accessDeniedHandler((request, response, thrown) -> errors.resolveException(
                                request, response, null, RequestRefusedException.of(ErrorCode.FOREIGN_FORM))))
                .build();
    }

    private static CookieCsrfTokenRepository formTokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("keysweep_form");
        tokens.setCookiePath(ConsolePath.ROOT);
        tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
        return tokens;
    }
}
