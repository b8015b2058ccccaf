package io.keysweep.cli.service;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.ExitCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Defines the options that name the service and the access key.
 *
 * <p>Each value comes from the first of these sources that has it:
 *
 * <ol>
 *   <li>the option
 *   <li>the environment variable
 *   <li>the context in use, which {@code keysweep login} has saved
 *   <li>if no context is in use, the files of a service on this machine ({@link ServiceHome})
 * </ol>
 */
final class ServiceOptions {

    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "URL of the service. Default: KEYSWEEP_ENDPOINT, else that of the context, else the service"
                    + " that runs in KEYSWEEP_HOME (~/.keysweep)")
    private @Nullable String endpoint;

    @Option(
            names = "--project-id",
            paramLabel = "ID",
            description = "project of the access key. Default: KEYSWEEP_PROJECT_ID, else that of the context, else the"
                    + " project of the service's first start")
    private @Nullable String projectId;

    @Option(
            names = "--access-key",
            paramLabel = "AK",
            description = "access key. Default: KEYSWEEP_ACCESS_KEY, else that of the context, else the key of the"
                    + " service's first start")
    private @Nullable String accessKey;

    @Option(
            names = "--secret-key",
            paramLabel = "SK",
            description = "secret key. Other users of this machine may see it on the command line, so better set"
                    + " KEYSWEEP_SECRET_KEY. Default: that of the context, else the secret key of the service's first"
                    + " start")
    private @Nullable String secretKey;

    @Mixin
    private ServiceTlsOptions tls = new ServiceTlsOptions();

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "context of 'keysweep login' whose service and key are used; 'local' is the service on this"
                    + " machine. Default: KEYSWEEP_CONTEXT, else the context of 'keysweep context use'")
    private @Nullable String contextName;

    /**
     * Returns the service and the access key that the command must use. The class comment lists the sources of each
     * value. If options and variables give all values, no file is read.
     *
     * @throws CommandFailure if an option is blank, if a value is missing, if the endpoint is not an HTTP URL without a
     *     path, if there is no such context, or if a file cannot be read
     */
    ServiceAccess resolve(CommandContext context) {
        requireNotBlank("--endpoint", this.endpoint);
        requireNotBlank("--project-id", this.projectId);
        requireNotBlank("--access-key", this.accessKey);
        requireNotBlank("--secret-key", this.secretKey);
        String endpoint = firstOf(this.endpoint, context.variable("KEYSWEEP_ENDPOINT"));
        String projectId = firstOf(this.projectId, context.variable("KEYSWEEP_PROJECT_ID"));
        String accessKey = firstOf(this.accessKey, context.variable("KEYSWEEP_ACCESS_KEY"));
        String secretKey = firstOf(this.secretKey, context.variable("KEYSWEEP_SECRET_KEY"));
        if (endpoint != null && projectId != null && accessKey != null && secretKey != null) {
            // All values are known, so no file is read. A user in a container may have no home folder.
            URI uri = uri(endpoint);
            return new ServiceAccess(uri, projectId, accessKey, secretKey, tls.resolve(uri, context));
        }
        SavedContext savedContext = savedContext(contextName, context);
        if (savedContext != null) {
            URI uri = uri(endpoint == null ? savedContext.endpoint() : endpoint);
            return new ServiceAccess(
                    uri,
                    projectId == null ? savedContext.projectId() : projectId,
                    accessKey == null ? savedContext.accessKey() : accessKey,
                    secretKey == null ? savedContext.secretKey() : secretKey,
                    // The context names files for TLS that belong to its own endpoint.
                    endpoint == null ? tls.resolve(uri, context, savedContext) : tls.resolve(uri, context));
        }
        ServiceHome home = new ServiceHome(context.keysweepHome());
        // The file is read only if needed, because other users than the one who runs the service may not read it.
        boolean needsFile = projectId == null || accessKey == null || secretKey == null;
        Properties credentials = needsFile ? home.credentials() : new Properties();
        URI uri =
                uri(requireValue(firstOf(endpoint, endpoint == null ? home.endpoint() : null), "--endpoint", context));
        return new ServiceAccess(
                uri,
                requireValue(firstOf(projectId, credentials.getProperty("project_id")), "--project-id", context),
                requireValue(firstOf(accessKey, credentials.getProperty("access_key")), "--access-key", context),
                requireValue(firstOf(secretKey, credentials.getProperty("secret_key")), "--secret-key", context),
                tls.resolve(uri, context));
    }

    /**
     * Returns the service without an access key, for a command that signs in as a user.
     *
     * @param option option that makes the command sign in, for the message
     * @throws CommandFailure in each of these cases: an option of an access key is also given; no endpoint is named;
     *     the endpoint is not an HTTP URL without a path; no context has the given name
     */
    ServiceAccess withoutKey(String option, CommandContext context) {
        ExclusiveOptions.refuseBoth(option, /* isFirstGiven= */ true, "--access-key", accessKey != null);
        ExclusiveOptions.refuseBoth(option, /* isFirstGiven= */ true, "--secret-key", secretKey != null);
        ExclusiveOptions.refuseBoth(option, /* isFirstGiven= */ true, "--project-id", projectId != null);
        return EndpointOptions.resolve(endpoint, contextName, tls, context);
    }

    /**
     * Returns the context that the user has named for a command or else has chosen by {@code keysweep context use};
     * null for the service on this machine.
     *
     * @param option name that the user has given with the command; null for none
     * @throws CommandFailure if there is no context with that name
     */
    static @Nullable SavedContext savedContext(@Nullable String option, CommandContext context) {
        requireNotBlank("--context", option);
        String name = firstOf(option, context.variable(ContextCommand.VARIABLE));
        if (ContextCommand.LOCAL.equals(name)) {
            return null;
        }
        ContextFile file = ContextFile.of(context);
        if (name == null && !file.exists()) {
            return null;
        }
        SavedContexts savedContexts = file.read();
        String chosenName = name == null ? savedContexts.current() : name;
        if (chosenName == null) {
            return null;
        }
        return savedContexts
                .named(chosenName)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "there is no context '" + chosenName + "': 'keysweep context list' lists all contexts"));
    }

    /**
     * Refuses a blank option, which a script passes if its variable is not set. Otherwise the command would call
     * a different service than the user means.
     *
     * @param value value of the option; null if it is not given
     */
    static void requireNotBlank(String option, @Nullable String value) {
        if (value != null && value.isBlank()) {
            throw new CommandFailure(ExitCode.USAGE, option + " is empty: give a value, or leave the option out");
        }
    }

    /**
     * Returns the preferred text unless it is null or blank, else the fallback. Removes blanks around it, because a
     * script or a container may have set a variable from a file, with its line end.
     */
    static @Nullable String firstOf(@Nullable String preferred, @Nullable String fallback) {
        String chosenValue = preferred != null && !preferred.isBlank() ? preferred : fallback;
        return chosenValue == null ? null : chosenValue.strip();
    }

    /** Returns the value, or throws a failure that names the option and its variable if the value is null or blank. */
    static String requireValue(@Nullable String value, String option, CommandContext context) {
        if (value == null || value.isBlank()) {
            String variable =
                    "KEYSWEEP_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
            throw new CommandFailure(
                    ExitCode.USAGE,
                    option + " is missing: " + variable + " is not set, and no service has written it to "
                            + context.keysweepHome()
                            + ". Start a service with 'keysweep server', name one with 'keysweep login URL', or give"
                            + " the option");
        }
        return value;
    }

    /**
     * Returns the URL of a service.
     *
     * @throws CommandFailure if the text is not an HTTP URL without a path
     */
    static URI uri(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            boolean isEndpoint = isHttp
                    && uri.getHost() != null
                    && isPortOrDefault(uri.getPort())
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (isEndpoint) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // The throw statement below reports every text that is not an endpoint.
        }
        // The part before an @ can be a password.
        String afterUser = text.substring(text.lastIndexOf('@') + 1);
        throw new CommandFailure(
                ExitCode.USAGE,
                "the endpoint is '" + (afterUser.equals(text) ? "" : "***@") + afterUser
                        + "', must be http(s)://HOST[:PORT] without user and path, such as http://127.0.0.1:8379");
    }

    /** Returns whether a number is a TCP port, or -1 for the default port of the scheme. */
    private static boolean isPortOrDefault(int port) {
        return port == -1 || (port >= 1 && port <= MAX_PORT);
    }
}
