package io.keysweep.cli.shell;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The server that a command is about, be it a primary or a replica, and how to get in. */
public final class ServerArgument {

    @Parameters(
            paramLabel = "URI",
            description =
                    "redis://[USER:PASSWORD@]HOST[:PORT], rediss:// for TLS, or unix://[USER:PASSWORD@]/PATH for a "
                            + "Unix socket")
    private String uri = "";

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    /**
     * Where it is.
     *
     * @throws CommandFailure if the URI or an option breaks a rule
     */
    public Deployment deployment(Shell shell) {
        try {
            return tls.addTo(DeploymentUri.parse(uri, credentials.username(), credentials.password(shell)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
