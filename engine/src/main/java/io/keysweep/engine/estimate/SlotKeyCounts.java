package io.keysweep.engine.estimate;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.plan.ScanCursor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads how many keys each slot of a server in cluster mode holds; {@link SlotSample} needs the numbers to draw its
 * sample.
 *
 * @param link a link to the server
 * @param errors explains the server's error replies
 * @param pause waits after each batch of commands, to limit the load on the server
 */
record SlotKeyCounts(NodeLink link, ServerErrors errors, LoadPause pause) {

    /** The number of slots of a cluster, 16384. */
    private static final int SLOTS = 1 << ScanCursor.SLOT_BITS;

    /**
     * The number of CLUSTER COUNTKEYSINSLOT commands in one batch. It is small, so that the server serves other clients
     * between two batches.
     */
    private static final int SLOTS_PER_CALL = 256;

    /**
     * Returns the number of keys in each slot, including dead keys; the index is the slot. Sends one command per slot,
     * 16384 in total, in 64 batches.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if the user is not allowed to run CLUSTER
     *     COUNTKEYSINSLOT
     * @throws InterruptedException if the thread is interrupted during a wait
     */
    long[] read() throws InterruptedException {
        long[] keysBySlot = new long[SLOTS];
        for (int firstSlot = 0; firstSlot < SLOTS; firstSlot += SLOTS_PER_CALL) {
            List<Command> commands = IntStream.range(firstSlot, Math.min(SLOTS, firstSlot + SLOTS_PER_CALL))
                    .mapToObj(slot -> Command.of("CLUSTER", "COUNTKEYSINSLOT", Integer.toString(slot)))
                    .toList();
            Exchange exchange = link.call(commands);
            for (int i = 0; i < commands.size(); i++) {
                Reply reply = exchange.replies().get(i);
                if (reply instanceof Reply.Failure failure) {
                    throw errors.of("CLUSTER", failure, List.of("cluster|countkeysinslot"));
                }
                keysBySlot[firstSlot + i] = reply.number();
            }
            pause.pauseAfter(exchange.roundTrip());
        }
        return keysBySlot;
    }
}
