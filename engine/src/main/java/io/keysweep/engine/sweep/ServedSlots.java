package io.keysweep.engine.sweep;

import io.keysweep.engine.topology.SlotSet;
import java.util.Arrays;
import java.util.List;

/**
 * Holds what a cluster node says of its own slots in its reply to CLUSTER NODES.
 *
 * @param served the slots that it serves; none if it is a replica
 * @param importing the slots that it is taking over at present, some of whose keys it may already hold
 * @param epoch its configuration epoch, which changes whenever it takes slots from another node
 */
record ServedSlots(SlotSet served, SlotSet importing, long epoch) {

    private static final ServedSlots NONE = new ServedSlots(SlotSet.NONE, SlotSet.NONE, 0);

    private static final int FLAGS_WORD = 2;
    private static final int EPOCH_WORD = 6;
    private static final int FIRST_SLOT_WORD = 8;

    /**
     * Reads the reply to CLUSTER NODES.
     *
     * <p>The line of the node itself has the flag {@code myself}. A slot being imported is written as {@code
     * [7000-<-id]}, one being exported as {@code [93->-id]}; the latter is still served.
     */
    static ServedSlots parse(String nodes) {
        for (String line : nodes.lines().toList()) {
            String[] words = line.split(" ");
            List<String> flags = words.length > FLAGS_WORD ? List.of(words[FLAGS_WORD].split(",")) : List.of();
            if (flags.contains("myself")) {
                return flags.contains("master") ? ofPrimary(words) : NONE;
            }
        }
        return NONE;
    }

    private static ServedSlots ofPrimary(String[] words) {
        SlotSet served = SlotSet.NONE;
        SlotSet importing = SlotSet.NONE;
        for (String slots : Arrays.asList(words).subList(Math.min(words.length, FIRST_SLOT_WORD), words.length)) {
            if (!slots.startsWith("[")) {
                served = served.union(SlotSet.parse(slots));
            } else if (slots.contains("-<-")) {
                importing = importing.union(SlotSet.parse(slots.substring(1, slots.indexOf('-'))));
            }
        }
        return new ServedSlots(served, importing, epoch(words));
    }

    private static long epoch(String[] words) {
        return words.length > EPOCH_WORD ? Long.parseUnsignedLong(words[EPOCH_WORD]) : 0;
    }
}
