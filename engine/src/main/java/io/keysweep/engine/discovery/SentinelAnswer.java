package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;

/**
 * Reports what one sentinel has said when {@link SentinelDiscovery} asked it for the primary; {@link SentinelVote}
 * counts the answers.
 */
sealed interface SentinelAnswer {

    /** Returns the sentinel, at the address at which Keysweep has asked it. */
    NodeAddress sentinel();

    /** Returns the answer as a part of a sentence for users. */
    String describe();

    /**
     * Reports that the sentinel has named a primary.
     *
     * @param sentinel the sentinel that was asked
     * @param id identifies the sentinel, whatever the address at which it was asked; empty if unknown
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
     * Reports that the sentinel has named no primary.
     *
     * @param sentinel the sentinel that was asked
     * @param refusal why, for example because it cannot be reached or does not know the name
     */
    record NoPrimary(NodeAddress sentinel, NodeRefusedException refusal) implements SentinelAnswer {

        @Override
        public String describe() {
            return String.valueOf(refusal.getMessage());
        }
    }
}
