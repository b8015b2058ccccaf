package io.keysweep.cli.shell;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Tls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a connection over TLS trusts and shows. */
public final class TlsOptions {

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "PEM file with the authorities that the server's certificate must go back to. Default: those "
                    + "that Java trusts")
    private @Nullable Path ca;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "PEM file with the certificate to show the server (mutual TLS)")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "PEM file (PKCS #8, unencrypted) with the private key of --tls-cert")
    private @Nullable Path key;

    /**
     * The deployment with these options, or as it is where none is given.
     *
     * @throws CommandFailure if options are given that it has no use for, or one without the other
     */
    public Deployment addTo(Deployment deployment) {
        String given = ca != null ? "--tls-ca" : certificate != null ? "--tls-cert" : key != null ? "--tls-key" : null;
        if (given == null) {
            return deployment;
        }
        if (deployment.access().tls() == null) {
            throw usage(given + " is given, but the URI is not one for TLS, must begin with rediss then");
        }
        if ((certificate == null) != (key == null)) {
            String missing = key == null ? "--tls-key" : "--tls-cert";
            throw usage(missing + " is missing, --tls-cert and --tls-key must be given together");
        }
        return deployment.withTls(Tls.ofFiles(ca, certificate, key));
    }

    /** The text of {@code --tls-ca}, or null. */
    public @Nullable String caText() {
        return text(ca);
    }

    /** The text of {@code --tls-cert}, or null. */
    public @Nullable String certificateText() {
        return text(certificate);
    }

    /** The text of {@code --tls-key}, or null. */
    public @Nullable String keyText() {
        return text(key);
    }

    private static @Nullable String text(@Nullable Path file) {
        return file == null ? null : InputFile.text(file);
    }

    private static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }
}
