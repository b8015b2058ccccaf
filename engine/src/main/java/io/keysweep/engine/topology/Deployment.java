package io.keysweep.engine.topology;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Describes the servers to sweep and how to connect to them: one server, a primary under Sentinel, or a cluster.
 *
 * <p>{@link DeploymentUri} parses a deployment from the URI that the user gives. Instances are immutable and
 * thread-safe. Do not log a deployment, because its text hides the passwords but not the addresses, which are also
 * confidential.
 */
public sealed interface Deployment {

    /** Returns the credentials and TLS settings for every node of the deployment except the sentinels. */
    Access access();

    /** Returns this deployment with other TLS settings for all nodes, including the sentinels. */
    Deployment withTls(Tls tls);

    /**
     * Returns the map from the addresses that nodes announce to the addresses at which Keysweep reaches the nodes. For
     * a single server, which announces nothing, it is {@link NodeMap#NONE}.
     */
    NodeMap nodeMap();

    /** Returns the addresses that the user names: the server, the sentinels, or the cluster's seeds; at least one. */
    List<NodeAddress> addresses();

    /**
     * Returns the name that users see: the server's address, the primary's name at its sentinels, or the cluster's
     * seeds.
     */
    String label();

    /**
     * Describes a deployment of one server, which is used as given and needs no discovery.
     *
     * @param address the server's address
     * @param access how to connect to the server
     */
    record Standalone(NodeAddress address, Access access) implements Deployment {

        @Override
        public Deployment withTls(Tls tls) {
            return new Standalone(address, access.withTls(tls));
        }

        @Override
        public NodeMap nodeMap() {
            return NodeMap.NONE;
        }

        @Override
        public List<NodeAddress> addresses() {
            return List.of(address);
        }

        @Override
        public String label() {
            return address.toString();
        }
    }

    /**
     * Describes a primary that sentinels monitor: the sentinels name the node that is currently the primary.
     *
     * @param sentinels the sentinels to ask, in this order, at addresses that Keysweep can reach; at least one
     * @param primaryName the name under which the sentinels know the primary
     * @param sentinelAccess how to connect to a sentinel
     * @param access how to connect to the primary
     * @param nodeMap maps the primary's address, as the sentinels report it, to the address to connect to
     */
    record Sentinel(
            List<NodeAddress> sentinels, String primaryName, Access sentinelAccess, Access access, NodeMap nodeMap)
            implements Deployment {

        public Sentinel {
            sentinels = List.copyOf(sentinels);
            if (sentinels.isEmpty()) {
                throw new IllegalArgumentException("sentinels are empty, must name at least one");
            }
        }

        @Override
        public Deployment withTls(Tls tls) {
            return new Sentinel(sentinels, primaryName, sentinelAccess.withTls(tls), access.withTls(tls), nodeMap);
        }

        @Override
        public List<NodeAddress> addresses() {
            return sentinels;
        }

        @Override
        public String label() {
            return primaryName;
        }
    }

    /**
     * Describes a cluster by some of its nodes, the seeds, which report all primaries.
     *
     * @param seeds the nodes that the user names, which are asked first, in this order, at addresses that Keysweep can
     *     reach; at least one
     * @param otherNodes further nodes to ask if no seed answers; empty at first
     * @param access how to connect to every node
     * @param nodeMap maps the addresses that nodes announce to the addresses to connect to
     */
    record Cluster(List<NodeAddress> seeds, List<NodeAddress> otherNodes, Access access, NodeMap nodeMap)
            implements Deployment {

        public Cluster {
            seeds = List.copyOf(seeds);
            otherNodes = List.copyOf(otherNodes);
            if (seeds.isEmpty()) {
                throw new IllegalArgumentException("seeds are empty, must name at least one node of the cluster");
            }
        }

        /** Creates a cluster when only its seeds are known. */
        public Cluster(List<NodeAddress> seeds, Access access, NodeMap nodeMap) {
            this(seeds, List.of(), access, nodeMap);
        }

        /**
         * Returns this cluster with more nodes to ask if no seed answers. The seeds are not changed, since they
         * identify the deployment for the user.
         *
         * @param nodes the nodes to add
         */
        public Cluster withOtherNodes(List<NodeAddress> nodes) {
            return new Cluster(
                    seeds,
                    Stream.concat(otherNodes.stream(), nodes.stream())
                            .distinct()
                            .toList(),
                    access,
                    nodeMap);
        }

        @Override
        public Deployment withTls(Tls tls) {
            return new Cluster(seeds, otherNodes, access.withTls(tls), nodeMap);
        }

        @Override
        public List<NodeAddress> addresses() {
            return seeds;
        }

        @Override
        public String label() {
            return seeds.stream().map(NodeAddress::toString).collect(Collectors.joining(","));
        }
    }
}
