package io.keysweep.testkit;

/** Waits until a replica has caught up with its primary, before a test compares the two. */
public final class Replication {

    private Replication() {}

    /**
     * Waits until the replica holds everything that its primary has written, and the primary reports the replica as
     * online. The primary must have no other replica, and nothing may be written during the wait.
     *
     * @throws org.awaitility.core.ConditionTimeoutException if that takes more than three minutes
     */
    public static void awaitSynchronised(RespClient primary, RespClient replica) {
        Waits.await("the replica is online and has the offset of its primary").until(() -> {
            String replicaLine = primary.info("slave0");
            return replicaLine != null
                    && replicaLine.contains("state=online")
                    && "up".equals(replica.info("master_link_status"))
                    && String.valueOf(primary.info("master_repl_offset")).equals(replica.info("slave_repl_offset"));
        });
    }
}
