package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;

/**
 * Represents the answer of one sentinel that {@link SentinelDiscovery} asked for the primary; {@link SentinelVote}
 * counts the answers.
 */
sealed interface SentinelAnswer {

    /** Returns the address at which Keysweep asked the sentinel. */
    NodeAddress sentinel();

    /** Returns the answer as a part of a sentence for users. */
    String describe();

    /**
     * Represents the answer of a sentinel that named a primary.
     *
     * @param sentinel the sentinel that was asked
     * @param id the sentinel's id, the same at each of its addresses; empty if unknown
     * @param primary where Keysweep reaches the primary
     * @param configEpoch a number that rises with every failover; -1 if the sentinel does not report it
     * @param down whether the sentinel regards this primary as down
     */
    record Named(NodeAddress sentinel, String id, NodeAddress primary, long configEpoch, boolean down)
            implements SentinelAnswer {

        /** Stands for an epoch that the sentinel does not report. */
        static final long UNKNOWN_EPOCH = -1;

        @Override
        public String describe() {
            return sentinel + " names " + primary
                    + (configEpoch == UNKNOWN_EPOCH ? "" : " (config epoch " + configEpoch + ")")
                    + (down ? " and regards it as down" : "");
        }
    }

    /**
     * Represents the answer, or the missing answer, of a sentinel that named no primary.
     *
     * @param sentinel the sentinel that was asked
     * @param refusal the cause, for example that the sentinel cannot be reached or does not know the name
     */
    record NoPrimary(NodeAddress sentinel, NodeRefusedException refusal) implements SentinelAnswer {

        @Override
        public String describe() {
            return String.valueOf(refusal.getMessage());
        }
    }
}
