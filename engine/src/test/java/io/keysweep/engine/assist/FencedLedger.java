package io.keysweep.engine.assist;

import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Behaves like another ledger, but runs a given action, the fence, when a claim is confirmed.
 *
 * <p>A ledger stores the former settings of servers that assist raises. A claim is the right to change the settings of
 * one server. Tests use this class for claims that are lost.
 *
 * @param ledger the other ledger
 * @param fence throws an exception if the claim is no longer valid
 */
record FencedLedger(AssistLedger ledger, Runnable fence) implements AssistLedger {

    @Override
    public Optional<Claim> claim(NodeAddress address) throws IOException {
        return ledger.claim(address).map(FencedClaim::new);
    }

    @Override
    public List<RaisedSettings> entries() throws IOException {
        return ledger.entries();
    }

    private final class FencedClaim implements Claim {

        private final Claim claim;

        FencedClaim(Claim claim) {
            this.claim = claim;
        }

        @Override
        public Optional<RaisedSettings> entry() throws IOException {
            return claim.entry();
        }

        @Override
        public void store(RaisedSettings entry) throws IOException {
            claim.store(entry);
        }

        @Override
        public void confirm() {
            // The fence replaces the check of the other claim.
            fence.run();
        }

        @Override
        public void remove() throws IOException {
            claim.remove();
        }

        @Override
        public void close() {
            claim.close();
        }
    }
}
