package io.keysweep.cli.shell;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Tls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the options for TLS connections to a server: the trusted certificate authorities, and the client certificate.
 */
public final class TlsOptions {

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description =
                    "PEM file with the authorities that may sign the server's certificate. Default: the authorities"
                            + " that Java trusts")
    private @Nullable Path ca;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "PEM file with the client certificate (mutual TLS)")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "PEM file (PKCS #8, unencrypted) with the private key of --tls-cert")
    private @Nullable Path key;

    /**
     * Returns a copy of the deployment that uses the files of these options. Each connection reads them again. Returns
     * the deployment itself if no option is given.
     *
     * @throws CommandFailure if an option is given and the deployment does not use TLS, if only one of {@code
     *     --tls-cert} and {@code --tls-key} is given, or if a file is unusable
     */
    public Deployment addTo(Deployment deployment) {
        String givenOption = firstGivenOption();
        if (givenOption == null) {
            return deployment;
        }
        if (deployment.access().tls() == null) {
            throw usageFailure(givenOption
                    + " is given, but the URI does not use TLS: it must begin with rediss, such as rediss://HOST");
        }
        if ((certificate == null) != (key == null)) {
            String missingOption = key == null ? "--tls-key" : "--tls-cert";
            throw usageFailure(missingOption + " is missing: give --tls-cert and --tls-key together");
        }
        Tls tls = Tls.ofFiles(ca, certificate, key);
        requireReadableFiles(tls);
        return deployment.withTls(tls);
    }

    /** Returns the name of the first of these options that is given; null if none is. */
    private @Nullable String firstGivenOption() {
        if (ca != null) {
            return "--tls-ca";
        }
        if (certificate != null) {
            return "--tls-cert";
        }
        return key == null ? null : "--tls-key";
    }

    /** Reads the files now. Otherwise an unusable file would later be reported as a server that cannot be reached. */
    private static void requireReadableFiles(Tls tls) {
        try {
            tls.readAuthorities();
            tls.readIdentity();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Returns the text of the file {@code --tls-ca}, or null if the option is not given.
     *
     * @throws CommandFailure if the file cannot be read
     */
    public @Nullable String caText() {
        return readIfGiven(ca);
    }

    /**
     * Returns the text of the file {@code --tls-cert}, or null if the option is not given.
     *
     * @throws CommandFailure if the file cannot be read
     */
    public @Nullable String certificateText() {
        return readIfGiven(certificate);
    }

    /**
     * Returns the text of the file {@code --tls-key}, or null if the option is not given.
     *
     * @throws CommandFailure if the file cannot be read
     */
    public @Nullable String keyText() {
        return readIfGiven(key);
    }

    private static @Nullable String readIfGiven(@Nullable Path file) {
        return file == null ? null : InputFile.text(file);
    }

    private static CommandFailure usageFailure(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }
}
