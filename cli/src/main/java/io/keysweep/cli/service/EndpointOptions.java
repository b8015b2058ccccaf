package io.keysweep.cli.service;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Defines the options that name the service, and reads the context that {@code keysweep login} has saved. */
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
            description = "context of 'keysweep login' whose service and key are used; 'local' is the service on this"
                    + " machine. Default: KEYSWEEP_CONTEXT, else the context of 'keysweep context use'")
    private @Nullable String contextName;

    @Mixin
    private ServiceTlsOptions tls = new ServiceTlsOptions();

    /** Returns the endpoint that the option or its variable names; null if there is neither. */
    @Nullable String named(CommandContext context) {
        return ServiceOptions.firstOf(endpoint, context.variable("KEYSWEEP_ENDPOINT"));
    }

    /** Returns the files for TLS connections to an endpoint, see {@link ServiceTlsOptions}. */
    @Nullable ServiceTls tls(URI uri, CommandContext context, @Nullable SavedContext saved) {
        return tls.resolve(uri, context, saved);
    }

    /**
     * Returns the service for a command that uses no access key.
     *
     * @throws CommandFailure if no endpoint is named, if it is not an HTTP URL without a path, or if there is no such
     *     context
     */
    ServiceAccess withoutKey(CommandContext context) {
        String named = named(context);
        SavedContext saved = named == null ? savedContext(context) : null;
        String text = named != null
                ? named
                : saved != null ? saved.endpoint() : new ServiceHome(context.keysweepHome()).endpoint();
        URI uri = ServiceOptions.uri(ServiceOptions.require(text, "--endpoint", context));
        return new ServiceAccess(
                uri, /* projectId= */ "", /* accessKey= */ "", /* secretKey= */ "", tls(uri, context, saved));
    }

    /**
     * Returns the context that the user has named for this command or else has chosen by {@code keysweep context use};
     * null for the service on this machine.
     *
     * @throws CommandFailure if there is no context with that name
     */
    @Nullable SavedContext savedContext(CommandContext context) {
        String name = ServiceOptions.firstOf(contextName, context.variable(ContextCommand.VARIABLE));
        if (ContextCommand.LOCAL.equals(name)) {
            return null;
        }
        ContextFile file = ContextFile.of(context);
        if (name == null && !file.exists()) {
            return null;
        }
        SavedContexts saved = file.read();
        String chosen = name == null ? saved.current() : name;
        if (chosen == null) {
            return null;
        }
        return saved.named(chosen)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "there is no context '" + chosen + "': 'keysweep context list' shows those that there are"));
    }
}
