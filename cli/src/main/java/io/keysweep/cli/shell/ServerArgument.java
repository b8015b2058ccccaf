package io.keysweep.cli.shell;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Defines the parameter URI, which names a server, Sentinel deployment or cluster, and the options for connecting to
 * it.
 */
public final class ServerArgument {

    @Parameters(
            paramLabel = "URI",
            description = {
                "redis://[USER:PASSWORD@]HOST[:PORT]: one server; rediss:// for TLS",
                "unix://[USER:PASSWORD@]/PATH: one server, by a Unix socket",
                "redis-sentinel://[USER:PASSWORD@]HOST[:PORT],...#NAME: the primary that these sentinels know by this name",
                "redis-cluster://[USER:PASSWORD@]HOST[:PORT],...: a cluster, found through any of its nodes"
            })
    private String uri = "";

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    /**
     * Returns the deployment (one server, a Sentinel deployment or a cluster) that the URI and the options describe.
     * Connects to no server, but may ask the user for the password.
     *
     * @throws CommandFailure if the URI or an option is not valid
     */
    public Deployment deployment(CommandContext context) {
        try {
            return tls.addTo(DeploymentUri.parse(
                    uri,
                    new Credentials(credentials.username(), credentials.password(context)),
                    new Credentials(topology.sentinelUsername(), topology.sentinelPassword(context, uri)),
                    topology.nodeMap()));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
