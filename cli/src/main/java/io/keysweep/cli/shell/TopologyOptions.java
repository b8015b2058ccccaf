package io.keysweep.cli.shell;

import io.keysweep.engine.topology.NodeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What it takes beside the URI to find the primaries of a Sentinel deployment or a cluster. */
public final class TopologyOptions {

    /** Environment variable that keeps the sentinels' password out of the list of processes. */
    public static final String SENTINEL_PASSWORD_VARIABLE = "KEYSWEEP_SENTINEL_PASSWORD";

    @Option(
            names = "--sentinel-username",
            paramLabel = "USER",
            description = "ACL user at the sentinels. Default: their default user")
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
                    "where nodes of a Sentinel deployment or a cluster are reached that announce another address, "
                            + "for example 10.0.0.1:6379=127.0.0.1:7001,10.0.0.2:6379=127.0.0.1:7002")
    private @Nullable String nodeMap;

    /** The ACL user at the sentinels, or null. */
    public @Nullable String sentinelUsername() {
        return sentinelUsername;
    }

    /** The password at the sentinels, or null; what the environment says is of use only if {@code uri} names sentinels. */
    public @Nullable String sentinelPassword(Shell shell, String uri) {
        return sentinelPassword == null && uri.contains("-sentinel://")
                ? shell.variable(SENTINEL_PASSWORD_VARIABLE)
                : sentinelPassword;
    }

    /** The node map as it was given, or null. */
    public @Nullable String nodeMapText() {
        return nodeMap;
    }

    /**
     * Where nodes are reached.
     *
     * @throws IllegalArgumentException if the map breaks a rule
     */
    NodeMap nodeMap() {
        return nodeMap == null ? NodeMap.NONE : NodeMap.parse(nodeMap);
    }
}
