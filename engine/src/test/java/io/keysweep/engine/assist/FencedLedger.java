package io.keysweep.engine.assist;

import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs a fence whenever a claim is confirmed, and leaves the rest to another ledger.
 *
 * @param ledger does everything else
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
