package io.keysweep.server.console;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes the {@link SharedBrowser} of the current thread to tests. The first test of a thread starts it.
 *
 * <p>JUnit closes the browsers of all threads after all tests, when no test uses them any more.
 */
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
                .computeIfAbsent(Thread.currentThread(), thread -> SharedBrowser.start(), SharedBrowser.class);
    }
}
