package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which service, and with which key: each from its option, else the environment, else the service's own files. */
final class ServiceOptions {

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "the service; else KEYSWEEP_ENDPOINT, else the one that runs in KEYSWEEP_HOME (~/.keysweep)")
    private @Nullable String endpoint;

    @Option(
            names = "--project-id",
            paramLabel = "ID",
            description = "else KEYSWEEP_PROJECT_ID, else that of the service's first start")
    private @Nullable String projectId;

    @Option(
            names = "--access-key",
            paramLabel = "AK",
            description = "else KEYSWEEP_ACCESS_KEY, else that of the service's first start")
    private @Nullable String accessKey;

    @Option(
            names = "--secret-key",
            paramLabel = "SK",
            description = "else KEYSWEEP_SECRET_KEY (others may see the command line), else that of the first start")
    private @Nullable String secretKey;

    ServiceAccess resolve(Shell shell) {
        ServiceHome home = new ServiceHome(shell.keysweepHome());
        String endpoint = first(this.endpoint, shell.variable("KEYSWEEP_ENDPOINT"));
        String projectId = first(this.projectId, shell.variable("KEYSWEEP_PROJECT_ID"));
        String accessKey = first(this.accessKey, shell.variable("KEYSWEEP_ACCESS_KEY"));
        String secretKey = first(this.secretKey, shell.variable("KEYSWEEP_SECRET_KEY"));
        // Read only if needed: the file belongs to who runs the service, often somebody else.
        Properties credentials =
                projectId == null || accessKey == null || secretKey == null ? home.credentials() : new Properties();
        return new ServiceAccess(
                uri(required(first(endpoint, endpoint == null ? home.endpoint() : null), "--endpoint", shell)),
                required(first(projectId, credentials.getProperty("project_id")), "--project-id", shell),
                required(first(accessKey, credentials.getProperty("access_key")), "--access-key", shell),
                required(first(secretKey, credentials.getProperty("secret_key")), "--secret-key", shell));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null && !one.isBlank() ? one : other;
    }

    private static String required(@Nullable String value, String option, Shell shell) {
        if (value == null || value.isBlank()) {
            String variable =
                    "KEYSWEEP_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "no " + option + " and no " + variable + ", and no service has left its own in "
                            + shell.keysweepHome() + ": start one with 'keysweep server', or say which");
        }
        return value;
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, like every other text that is no endpoint.
        }
        throw new CommandFailure(
                ExitCode.USAGE, "the endpoint is '" + text + "', must be http(s)://HOST[:PORT] without a path");
    }
}
