package io.keysweep.server.console;

import io.keysweep.testkit.FakePeer;
import java.util.ArrayList;
import java.util.List;

/**
 * Acts as a cluster with many shards, because so many real servers would start slowly. A shard is a primary with one
 * replica.
 */
final class ManyShards implements AutoCloseable {

    private static final int SLOTS = 16_384;

    /** The number of ranges of slots that each primary serves. */
    private static final int RANGES = 20;

    /** The replication offset of each primary. */
    private static final int OFFSET = 20_000;

    private final List<FakePeer> primaries = new ArrayList<>();
    private final List<FakePeer> replicas = new ArrayList<>();

    /** Starts a fake primary and a fake replica for each shard. */
    static ManyShards start(int shards) {
        ManyShards cluster = new ManyShards();
        for (int i = 0; i < shards; i++) {
            int shard = i;
            cluster.replicas.add(FakePeer.start(command -> cluster.answer(command, shard, /* replica= */ true)));
            cluster.primaries.add(FakePeer.start(command -> cluster.answer(command, shard, /* replica= */ false)));
        }
        return cluster;
    }

    /** Returns the URI of the cluster. */
    String uri() {
        return "redis-cluster://127.0.0.1:" + primaries.getFirst().port();
    }

    /** Ends the primary of a shard; the shards are numbered from 0. The other nodes still name this primary. */
    void kill(int shard) {
        primaries.get(shard).close();
    }

    private String answer(List<String> command, int shard, boolean replica) {
        return switch (command.getFirst()) {
            case "INFO" -> bulk(info(shard, replica));
            case "CLUSTER" -> command.get(1).equals("SLOTS") ? slots() : "-ERR not here\r\n";
            default -> "-ERR unknown command\r\n";
        };
    }

    /** Returns the reply to INFO. In each shard, the replica is 100 bytes per shard number behind its primary. */
    private String info(int shard, boolean replica) {
        String commonPart = """
                redis_version:7.0.15
                run_id:%040d
                used_memory:12345678
                master_replid:%040d
                expired_stale_perc:1.00
                expire_cycle_cpu_milliseconds:7
                db0:keys=1000000,expires=400000,avg_ttl=1000
                """.replace("\n", "\r\n").formatted(shard * 2 + (replica ? 1 : 0), shard);
        String replication = replica
                ? "role:slave\r\nmaster_host:127.0.0.1\r\nmaster_port:%d\r\nmaster_link_status:up\r\n"
                        .formatted(primaries.get(shard).port())
                : "role:master\r\nmaster_repl_offset:%d\r\nslave0:ip=127.0.0.1,port=%d,state=online,offset=%d,lag=1\r\n"
                        .formatted(OFFSET, replicas.get(shard).port(), OFFSET - shard * 100);
        return commonPart + replication;
    }

    /** Returns the reply to CLUSTER SLOTS, in which each shard serves {@link #RANGES} ranges, as after many moves. */
    private String slots() {
        int ranges = primaries.size() * RANGES;
        StringBuilder reply = new StringBuilder("*" + ranges + "\r\n");
        for (int range = 0; range < ranges; range++) {
            int i = range % primaries.size();
            int first = range * SLOTS / ranges;
            int last = (range + 1) * SLOTS / ranges - 1;
            reply.append("*4\r\n:%d\r\n:%d\r\n".formatted(first, last))
                    .append(node(primaries.get(i).port(), i * 2))
                    .append(node(replicas.get(i).port(), i * 2 + 1));
        }
        return reply.toString();
    }

    /** Returns the part of a reply to CLUSTER SLOTS that describes a node. */
    private static String node(int port, int id) {
        return "*3\r\n" + bulk("127.0.0.1") + ":" + port + "\r\n" + bulk("%040x".formatted(id));
    }

    /** Returns a bulk string of the Redis protocol. */
    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Override
    public void close() {
        primaries.forEach(FakePeer::close);
        replicas.forEach(FakePeer::close);
    }
}
