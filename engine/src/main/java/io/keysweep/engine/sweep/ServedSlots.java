package io.keysweep.engine.sweep;

import io.keysweep.engine.topology.SlotSet;
import java.util.Arrays;
import java.util.List;

/**
 * What a node of a cluster says of its own slots in CLUSTER NODES.
 *
 * @param served those that it serves; none of a replica
 * @param importing those that it is being given, so that keys of theirs may be there already
 * @param epoch its configuration epoch: another one whenever it has taken slots of another node
 */
record ServedSlots(SlotSet served, SlotSet importing, long epoch) {

    private static final ServedSlots NONE = new ServedSlots(SlotSet.NONE, SlotSet.NONE, 0);
    private static final int EPOCH_WORD = 6;

    private static final int FIRST_SLOT_WORD = 8;

    /** Reads the reply. Its line for the node itself has the flag {@code myself}; slots on the move are in brackets. */
    static ServedSlots parse(String nodes) {
        for (String line : nodes.lines().toList()) {
            String[] words = line.split(" ");
            List<String> flags = words.length > 2 ? List.of(words[2].split(",")) : List.of();
            if (flags.contains("myself")) {
                return flags.contains("master") ? of(words) : NONE;
            }
        }
        return NONE;
    }

    private static ServedSlots of(String[] words) {
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
