package io.keysweep.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves slots with their keys from one primary of a cluster to another, by the same commands as redis-cli.
 *
 * @param source a connection to the primary that serves the slots
 * @param sourceId the node id of that primary
 * @param target a connection to the primary that will serve the slots
 * @param targetId the node id of that primary
 * @param targetHost the host under which the source reaches the target
 * @param targetPort the port under which the source reaches the target
 */
record SlotMove(
        RespClient source, String sourceId, RespClient target, String targetId, String targetHost, String targetPort) {

    /** The number of keys that one MIGRATE moves; a server does nothing else during the move. */
    private static final int KEYS_PER_MIGRATE = 100;

    private static final String MIGRATE_TIMEOUT_MS = "60000";

    /**
     * Moves one slot and waits until its last key is moved. Returns without waiting until other nodes know the new
     * owner.
     */
    void moveSlot(int number) {
        String slot = Integer.toString(number);
        target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
        source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
        moveKeys(slot);
        // The target comes first, because it must own the slot before the source redirects clients to it.
        target.call("CLUSTER", "SETSLOT", slot, "NODE", targetId);
        releaseFromSource(slot);
    }

    private void moveKeys(String slot) {
        Waits.await("the keys of slot " + slot + " are moved").until(() -> {
            List<?> keys = items(source.call("CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(KEYS_PER_MIGRATE)));
            if (keys.isEmpty()) {
                return true;
            }
            List<String> command = new ArrayList<>(
                    List.of("MIGRATE", targetHost, targetPort, "", "0", MIGRATE_TIMEOUT_MS, "REPLACE", "KEYS"));
            keys.forEach(key -> command.add((String) key));
            source.call(command.toArray(String[]::new));
            return false;
        });
    }

    private void releaseFromSource(String slot) {
        try {
            source.call("CLUSTER", "SETSLOT", slot, "NODE", targetId);
        } catch (RespException e) {
            // A node that has lost its last slot becomes a replica by itself, and a replica refuses SETSLOT.
            if (!String.valueOf(e.getMessage()).contains("SETSLOT only with")) {
                throw e;
            }
        }
    }

    private static List<?> items(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }
}
