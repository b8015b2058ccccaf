package io.keysweep.cli.shell;

import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the options for finding the primaries of a Sentinel deployment or a cluster. A sentinel is a process that
 * knows which server is the primary.
 */
public final class TopologyOptions {

    /**
     * Environment variable for the sentinels' password. Unlike an option, it does not show in the list of processes.
     */
    public static final String SENTINEL_PASSWORD_VARIABLE = "KEYSWEEP_SENTINEL_PASSWORD";

    @Option(
            names = "--sentinel-username",
            paramLabel = "USER",
            description = "ACL user at the sentinels. Default: the sentinels' default user")
    private @Nullable String sentinelUsername;

    @Option(
            names = "--sentinel-password",
            paramLabel = "PASSWORD",
            description = "password at the sentinels. Better set " + SENTINEL_PASSWORD_VARIABLE + ". Default: none")
    private @Nullable String sentinelPassword;

    @Option(
            names = "--node-map",
            paramLabel = "MAP",
            description =
                    "if nodes announce addresses that cannot be reached from here (containers, NAT): the addresses"
                            + " to use instead, by announced address, node id or announced host, for example"
                            + " 10.0.0.1:6379=127.0.0.1:7001,redis-2=10.8.0.2")
    private @Nullable String nodeMap;

    /** Returns the ACL user at the sentinels, or null if the option is not given. */
    public @Nullable String sentinelUsername() {
        return sentinelUsername;
    }

    /**
     * Returns the password at the sentinels, or null if there is none. Without the option, the environment variable is
     * used, but only if {@code uri} names sentinels. The variable may be set for other deployments of the user, and a
     * URI without sentinels refuses such a password.
     */
    public @Nullable String sentinelPassword(CommandContext context, String uri) {
        return sentinelPassword == null && DeploymentUri.namesSentinels(uri)
                ? context.variable(SENTINEL_PASSWORD_VARIABLE)
                : sentinelPassword;
    }

    /** Returns the node map as the user wrote it, or null if the option is not given. */
    public @Nullable String nodeMapText() {
        return nodeMap;
    }

    /**
     * Returns the node map, which says at which address a node is reached instead of the announced one. It is empty if
     * the option is not given.
     *
     * @throws IllegalArgumentException if the map is not valid
     */
    NodeMap nodeMap() {
        return nodeMap == null ? NodeMap.NONE : NodeMap.parse(nodeMap);
    }
}
