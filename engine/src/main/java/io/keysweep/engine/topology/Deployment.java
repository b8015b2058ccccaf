package io.keysweep.engine.topology;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a key space lives and how to get in. Immutable; safe to share.
 *
 * <p>Never log one: The text of the credentials hides the password, yet addresses are data too.
 */
public sealed interface Deployment {

    /** How to get into every node of the deployment, sentinels apart. */
    Access access();

    /** The same deployment, reached over TLS in this way, sentinels included. */
    Deployment withTls(Tls tls);

    /** Where nodes are reached that announce another address. */
    NodeMap nodeMap();

    /** What people call it by: the address, the name of the primary at its sentinels, or the seeds. */
    String label();

    /**
     * One server.
     *
     * @param address where it listens
     * @param access how to get in
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
        public String label() {
            return address.toString();
        }
    }

    /**
     * A primary that sentinels watch; whichever node they name is it.
     *
     * @param sentinels whom to ask, in this order, as they are reached from here; at least one
     * @param primaryName the name that the primary has at the sentinels
     * @param sentinelAccess how to get into a sentinel
     * @param access how to get into the primary
     * @param nodeMap where nodes are reached that announce another address
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
        public String label() {
            return primaryName;
        }
    }

    /**
     * A cluster, with all its primaries.
     *
     * @param seeds nodes to ask first, in this order, as they are reached from here; at least one
     * @param access how to get into every node
     * @param nodeMap where nodes are reached that announce another address
     */
    record Cluster(List<NodeAddress> seeds, Access access, NodeMap nodeMap) implements Deployment {

        public Cluster {
            seeds = List.copyOf(seeds);
            if (seeds.isEmpty()) {
                throw new IllegalArgumentException("seeds are empty, must name at least one node of the cluster");
            }
        }

        /** The same cluster, asking these nodes too if no seed answers. */
        public Cluster alsoAsking(List<NodeAddress> nodes) {
            return new Cluster(
                    Stream.concat(seeds.stream(), nodes.stream()).distinct().toList(), access, nodeMap);
        }

        @Override
        public Deployment withTls(Tls tls) {
            return new Cluster(seeds, access.withTls(tls), nodeMap);
        }

        @Override
        public String label() {
            return seeds.stream().map(NodeAddress::toString).collect(Collectors.joining(","));
        }
    }
}
