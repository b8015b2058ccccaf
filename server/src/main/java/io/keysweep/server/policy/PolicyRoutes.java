package io.keysweep.server.policy;

import java.lang.reflect.Method;
import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Registers the paths of all policies with Spring MVC: one {@link PolicyController} for each {@link PolicyEndpoint}.
 *
 * <p>A policy is a document of settings of a project or an instance. All kinds of policies have the same operations:
 * GET, PUT and DELETE. Annotations give only the HTTP methods; the paths are registered here, because one class serves
 * many of them.
 */
@Component
@ConditionalOnWebApplication
final class PolicyRoutes implements InitializingBean {

    private final RequestMappingHandlerMapping handlers;
    private final List<PolicyEndpoint<?>> endpoints;
    private final PolicyStore policies;

    PolicyRoutes(
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers,
            List<PolicyEndpoint<?>> endpoints,
            PolicyStore policies) {
        this.handlers = handlers;
        this.endpoints = endpoints;
        this.policies = policies;
    }

    @Override
    public void afterPropertiesSet() {
        for (PolicyEndpoint<?> endpoint : endpoints) {
            PolicyController<?> controller = new PolicyController<>(endpoint, policies);
            for (Method method : PolicyController.class.getDeclaredMethods()) {
                // An annotation such as @GetMapping contains a @RequestMapping, which names the HTTP method.
                RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
                if (mapping != null) {
                    handlers.registerMapping(route(endpoint, mapping), controller, method);
                }
            }
        }
    }

    /** Returns the path of the endpoint with the HTTP method of the annotation. */
    private RequestMappingInfo route(PolicyEndpoint<?> endpoint, RequestMapping mapping) {
        return RequestMappingInfo.paths(endpoint.path())
                .methods(mapping.method())
                .options(handlers.getBuilderConfiguration())
                .build();
    }
}
