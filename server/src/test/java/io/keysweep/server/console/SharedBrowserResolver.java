package io.keysweep.server.console;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Passes the one {@link SharedBrowser} of the JVM to tests, and closes it after all tests. */
final class SharedBrowserResolver implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedBrowserResolver.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SharedBrowser.class;
    }

    @Override
    public SharedBrowser resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedBrowser.class, type -> SharedBrowser.start(), SharedBrowser.class);
    }
}
