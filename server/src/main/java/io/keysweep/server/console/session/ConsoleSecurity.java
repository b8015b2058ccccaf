package io.keysweep.server.console.session;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.console.page.ConsoleAssets;
import io.keysweep.server.console.page.PagePaths;
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
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Configures the security of the web console, which differs from the security of the APIs.
 *
 * <ul>
 *   <li>Every page except the sign-in needs a session, see {@link Sessions}.
 *   <li>Every form needs a token against cross-site request forgery, see {@link FormTokens}.
 *   <li>A content security policy lets pages load files of this service only.
 * </ul>
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /**
     * Creates the filter chain of the console. It precedes the chain of the APIs, which handles the requests that no
     * other chain matches.
     *
     * @param pages decides to which page the user returns after the sign-in
     * @param errors answers requests that a filter refuses, before a controller gets them
     */
    @Bean
    @Order(1)
    @ConditionalOnWebApplication
    SecurityFilterChain console(
            HttpSecurity http,
            Sessions sessions,
            ClientLimits limits,
            ServiceSettings settings,
            PagePaths pages,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        boolean consoleRole = settings.roles().contains(Role.CONSOLE);
        // Without the role, this chain matches nothing, and RoleFilter of the APIs answers 404.
        return http.securityMatcher(request -> consoleRole && ConsolePath.covers(request.getRequestURI()))
                .csrf(csrf -> csrf.csrfTokenRepository(new FormTokens()).csrfTokenRequestHandler(new FormTokenReader()))
                // These two features need Spring's HTTP session, which the console does not use. SignInController
                // replaces them.
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(management -> management.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                // If this filter came earlier, Spring Security would treat each request as a sign-in, and would replace
                // the form token.
                .addFilterBefore(new SessionFilter(sessions, limits, errors), AuthorizationFilter.class)
                // Tomcat dispatches a failed request once more, to the error page, which needs no session.
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(
                                SignInController.PATH,
                                OidcSignInController.PATH,
                                OidcSignInController.CALLBACK,
                                LanguageController.PATH,
                                ConsoleAssets.PATHS)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                // Access is denied for one reason only: the token of a form is missing or wrong.
                .exceptionHandling(handling -> handling.authenticationEntryPoint(new SignInRedirect(pages))
                        .accessDeniedHandler(new FormTokenRefusal(sessions, limits, errors)))
                .build();
    }
}
