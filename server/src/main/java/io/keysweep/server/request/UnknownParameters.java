package io.keysweep.server.request;

import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that an operation of the native API does not read.
 *
 * <p>If the service ignored a misspelt parameter, a filter would list too much, and a request with a misspelt {@code
 * dryRun} would make its changes. Spring MVC calls the interceptor before each operation.
 */
public final class UnknownParameters implements HandlerInterceptor {

    /**
     * Lets the operation run if it reads all parameters of the request.
     *
     * @throws RequestRefusedException for an unknown parameter
     */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod operation && !readsAllParameters(operation)) {
            Set<String> knownNames = parameterNames(operation);
            for (String name : request.getParameterMap().keySet()) {
                if (!knownNames.contains(name)) {
                    throw RequestRefusedException.parameter(
                            name,
                            request.getParameter(name),
                            "left out: "
                                    + (knownNames.isEmpty()
                                            ? "this operation has no parameters"
                                            : "known are " + String.join(", ", knownNames)));
                }
            }
        }
        return true;
    }

    /** Returns whether an operation reads all parameters as a map; it then refuses unknown parameters itself. */
    private static boolean readsAllParameters(HandlerMethod operation) {
        return Arrays.stream(operation.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestParam.class)
                        && Map.class.isAssignableFrom(parameter.getParameterType()));
    }

    /** Returns the names of the query parameters that an operation reads, in alphabetical order. */
    private static Set<String> parameterNames(HandlerMethod operation) {
        return Arrays.stream(operation.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(UnknownParameters::parameterName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the name of a query parameter: the name in the annotation, or else the name of the Java parameter. */
    private static String parameterName(MethodParameter parameter) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        return annotation == null || annotation.name().isEmpty()
                ? parameter.getParameter().getName()
                : annotation.name();
    }
}
