package io.keysweep.cli.service;

import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Defines the options for TLS connections to a service; each has an environment variable. */
final class ServiceTlsOptions {

    @Option(
            names = "--endpoint-ca",
            paramLabel = "FILE",
            description = "PEM file with the authorities that may sign the service's certificate. Default:"
                    + " KEYSWEEP_ENDPOINT_CA, else the authorities that Java trusts")
    private @Nullable Path ca;

    @Option(
            names = "--endpoint-cert",
            paramLabel = "FILE",
            description = "PEM file with the client certificate, if the service asks for one. Default:"
                    + " KEYSWEEP_ENDPOINT_CERT")
    private @Nullable Path certificate;

    @Option(
            names = "--endpoint-key",
            paramLabel = "FILE",
            description = "PEM file (PKCS #8, unencrypted) with the private key of --endpoint-cert. Default:"
                    + " KEYSWEEP_ENDPOINT_KEY")
    private @Nullable Path key;

    /**
     * Returns the files that options and variables name; an option takes precedence over its variable. Returns null if
     * no file is named. For an endpoint without TLS, options are an error and variables are ignored. The files are not
     * read.
     *
     * @throws CommandFailure if an option is given for an endpoint without TLS, or if only one of the certificate and
     *     its key is named
     */
    @Nullable ServiceTls resolve(URI endpoint, CommandContext context) {
        return resolve(endpoint, context, /* saved= */ null);
    }

    /**
     * Returns the files that options, variables and a saved context name, in this order of precedence. The rules of
     * {@link #resolve(URI, CommandContext)} apply.
     *
     * @param saved context that the command uses, or null for none
     */
    @Nullable ServiceTls resolve(URI endpoint, CommandContext context, @Nullable SavedContext saved) {
        if (!"https".equalsIgnoreCase(endpoint.getScheme())) {
            String givenOption = firstGivenOption();
            if (givenOption != null) {
                throw usageFailure(
                        givenOption + " is given, but the endpoint does not use TLS: it must begin with https");
            }
            return null;
        }
        Path ca = firstOf(this.ca, context.variable("KEYSWEEP_ENDPOINT_CA"), saved == null ? null : saved.ca());
        Path certificate = firstOf(
                this.certificate,
                context.variable("KEYSWEEP_ENDPOINT_CERT"),
                saved == null ? null : saved.certificate());
        Path key = firstOf(this.key, context.variable("KEYSWEEP_ENDPOINT_KEY"), saved == null ? null : saved.key());
        if ((certificate == null) != (key == null)) {
            throw usageFailure(
                    certificate == null
                            ? "--endpoint-key needs --endpoint-cert (or KEYSWEEP_ENDPOINT_CERT)"
                            : "--endpoint-cert needs --endpoint-key (or KEYSWEEP_ENDPOINT_KEY)");
        }
        return ca == null && certificate == null ? null : new ServiceTls(ca, certificate, key);
    }

    /** Returns the name of the first of these options that is given; null if none is. */
    private @Nullable String firstGivenOption() {
        if (ca != null) {
            return "--endpoint-ca";
        }
        if (certificate != null) {
            return "--endpoint-cert";
        }
        return key == null ? null : "--endpoint-key";
    }

    private static @Nullable Path firstOf(@Nullable Path option, @Nullable String variable, @Nullable String saved) {
        if (option != null) {
            return option;
        }
        String path = variable == null ? saved : variable;
        return path == null ? null : Path.of(path);
    }

    private static CommandFailure usageFailure(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }
}
