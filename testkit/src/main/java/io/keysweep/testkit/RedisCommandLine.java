package io.keysweep.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the command line that starts the process of a {@link RedisServer}.
 *
 * @param version the version to run
 * @param port the plain port on 127.0.0.1
 * @param tlsPort the TLS port, or 0 for none
 * @param folder the working folder of the process
 * @param sentinelConfiguration the configuration file of a sentinel, or null for a server that stores keys
 */
record RedisCommandLine(
        RedisVersion version,
        int port,
        int tlsPort,
        Path folder,
        @Nullable Path sentinelConfiguration) {

    /** Returns the options that name a server's certificate with its key, and the authority that the server trusts. */
    static List<String> tlsOptions(Certificates.Pair serverCertificate, Path clientAuthority) {
        return List.of(
                "--tls-cert-file",
                serverCertificate.certificate().toString(),
                "--tls-key-file",
                serverCertificate.key().toString(),
                "--tls-ca-cert-file",
                clientAuthority.toString());
    }

    /** Returns the program and its arguments; {@code options} come last, so that they override the others. */
    List<String> withOptions(List<String> options) {
        List<String> command = new ArrayList<>(List.of(version.serverBinary().toString()));
        if (sentinelConfiguration != null) {
            command.addAll(List.of(sentinelConfiguration.toString(), "--sentinel"));
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", folder.toString()));
        if (sentinelConfiguration == null) {
            // Nothing is saved unless a test asks for it. By default a primary waits 5 s for more replicas before it
            // sends its data to the first replica.
            command.addAll(List.of("--save", "", "--repl-diskless-sync-delay", "0"));
            if (version.requiresDebugOption()) {
                command.addAll(List.of("--enable-debug-command", "local"));
            }
        }
        if (tlsPort != 0) {
            command.addAll(List.of("--tls-port", Integer.toString(tlsPort)));
        }
        command.addAll(options);
        return command;
    }
}
