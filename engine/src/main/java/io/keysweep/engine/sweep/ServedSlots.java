package io.keysweep.engine.sweep;

import io.keysweep.engine.discovery.NodeIds;
import io.keysweep.engine.topology.SlotSet;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Contains the slots that a cluster node serves and imports, as its own reply to CLUSTER NODES reports them.
 *
 * <p>A slot is one of the 16384 parts of a cluster's keys. Only primaries serve slots.
 *
 * @param ownId the id of the node in the cluster, 40 hexadecimal digits; null if the reply does not contain it
 * @param served the slots that the node serves; an empty set if the node is a replica
 * @param importing the slots that the node is taking over at present; it may already hold some of their keys
 * @param epoch the node's configuration epoch, a number that changes whenever the node takes slots from another one; 0
 *     if unknown
 */
record ServedSlots(@Nullable String ownId, SlotSet served, SlotSet importing, long epoch) {

    /**
     * The positions of words in a line of the reply, from 0. All words from {@link #FIRST_SLOT_WORD} on describe slots.
     */
    private static final int FLAGS_WORD = 2;

    private static final int EPOCH_WORD = 6;
    private static final int FIRST_SLOT_WORD = 8;

    /**
     * Reads the reply to CLUSTER NODES. Without a line of the node itself, the result has no id and no slots.
     *
     * <p>The line of the node itself has the flag {@code myself}, for example:
     * {@code 07c3… 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460}. A slot being imported is written as
     * {@code [7000-<-id]}. A slot being exported is written as {@code [93->-id]}, and is still served.
     *
     * @throws IllegalArgumentException if that line has slots or an epoch of another form
     * @throws IndexOutOfBoundsException if that line has too few words
     */
    static ServedSlots parse(String nodes) {
        for (String line : nodes.lines().toList()) {
            if (NodeIds.isOwnLine(line)) {
                String[] words = line.split(" ");
                return List.of(words[FLAGS_WORD].split(",")).contains("master")
                        ? ofPrimary(words)
                        : withoutSlots(NodeIds.id(line));
            }
        }
        return withoutSlots(/* ownId= */ null);
    }

    /** Returns the slots of a node that is not a primary, or whose own line is missing. */
    private static ServedSlots withoutSlots(@Nullable String ownId) {
        return new ServedSlots(ownId, /* served= */ SlotSet.NONE, /* importing= */ SlotSet.NONE, /* epoch= */ 0);
    }

    private static ServedSlots ofPrimary(String[] words) {
        SlotSet servedSlots = SlotSet.NONE;
        SlotSet importing = SlotSet.NONE;
        for (String slots : Arrays.asList(words).subList(Math.min(words.length, FIRST_SLOT_WORD), words.length)) {
            // A slot being exported is also part of a plain range, so its entry in brackets is skipped.
            if (!slots.startsWith("[")) {
                servedSlots = servedSlots.union(SlotSet.parse(slots));
            } else if (slots.contains("-<-")) {
                importing = importing.union(SlotSet.parse(slots.substring(1, slots.indexOf('-'))));
            }
        }
        return new ServedSlots(words[0], servedSlots, importing, epoch(words));
    }

    private static long epoch(String[] words) {
        return words.length > EPOCH_WORD ? Long.parseUnsignedLong(words[EPOCH_WORD]) : 0;
    }
}
