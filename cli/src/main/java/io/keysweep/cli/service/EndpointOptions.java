package io.keysweep.cli.service;

import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Defines the options that name the service, for a command that uses no access key. */
final class EndpointOptions {

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "URL of the service. Default: KEYSWEEP_ENDPOINT, else that of the context, else the service"
                    + " that runs in KEYSWEEP_HOME (~/.keysweep)")
    private @Nullable String endpoint;

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "context of 'keysweep login' whose service is called; 'local' is the service on this"
                    + " machine. Default: KEYSWEEP_CONTEXT, else the context of 'keysweep context use'")
    private @Nullable String contextName;

    @Mixin
    private ServiceTlsOptions tls = new ServiceTlsOptions();

    /**
     * Returns the address and the TLS settings of the service.
     *
     * @throws CommandFailure in each of these cases: no endpoint is named; the endpoint is not an HTTP URL without a
     *     path; no context has the given name
     */
    ServiceAccess resolve(CommandContext context) {
        return resolve(endpoint, contextName, tls, context);
    }

    /** Does the same as {@link #resolve(CommandContext)}, for values that another class has read from options. */
    static ServiceAccess resolve(
            @Nullable String endpoint, @Nullable String contextName, ServiceTlsOptions tls, CommandContext context) {
        ServiceOptions.requireNotBlank("--endpoint", endpoint);
        String givenEndpoint = ServiceOptions.firstOf(endpoint, context.variable("KEYSWEEP_ENDPOINT"));
        SavedContext savedContext = givenEndpoint == null ? ServiceOptions.savedContext(contextName, context) : null;
        String text = givenEndpoint;
        if (text == null) {
            text = savedContext != null ? savedContext.endpoint() : new ServiceHome(context.keysweepHome()).endpoint();
        }
        URI uri = ServiceOptions.uri(ServiceOptions.requireValue(text, "--endpoint", context));
        return new ServiceAccess(
                uri,
                /* projectId= */ "",
                /* accessKey= */ "",
                /* secretKey= */ "",
                tls.resolve(uri, context, savedContext));
    }
}
