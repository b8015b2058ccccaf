package io.keysweep.server;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Passes the {@link SharedServices} of the JVM to test methods that have such a parameter. */
public final class SharedServicesResolver implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedServicesResolver.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SharedServices.class;
    }

    @Override
    public SharedServices resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // After all tests, JUnit closes the objects in the store of the root context.
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedServices.class, type -> new SharedServices(), SharedServices.class);
    }
}
