package io.keysweep.server.assist;

import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the former settings of servers in the database, in the name of one attempt at a sweep.
 *
 * <p>Every write is one transaction under the lock of the attempt. A worker that was suspended, and whose sweep another
 * worker has taken up, can therefore store nothing, and so raises nothing: assist stores or confirms an entry before each
 * change. The methods throw what the fence throws, and a {@code DataAccessException} if the database fails.
 */
final class SettingsLedger implements AssistLedger {

    private final RaisedSettingsStore store;
    private final TransactionTemplate transaction;
    private final SettingsOwner owner;
    private final AttemptFence fence;

    SettingsLedger(
            RaisedSettingsStore store, TransactionTemplate transaction, SettingsOwner owner, AttemptFence fence) {
        this.store = store;
        this.transaction = transaction;
        this.owner = owner;
        this.fence = fence;
    }

    @Override
    public Optional<Claim> claim(NodeAddress address) {
        try {
            boolean taken = Boolean.TRUE.equals(transaction.execute(status -> {
                fence.lock();
                return store.take(address.toString(), owner);
            }));
            return taken ? Optional.of(new RowClaim(address.toString())) : Optional.empty();
        } catch (DuplicateKeyException e) {
            // Another sweep has taken the server between the check and the insert.
            return Optional.empty();
        }
    }

    /** Returns the entries that this attempt may take over and put back: those of other attempts are left out. */
    @Override
    public List<RaisedSettings> entries() {
        return store.leftovers(owner);
    }

    /** Holds the row of one server. */
    private final class RowClaim implements Claim {

        private final String address;

        RowClaim(String address) {
            this.address = address;
        }

        @Override
        public Optional<RaisedSettings> entry() {
            return store.find(address, owner);
        }

        @Override
        public void store(RaisedSettings entry) throws IOException {
            boolean stored = Boolean.TRUE.equals(transaction.execute(status -> {
                fence.lock();
                return store.store(entry, owner);
            }));
            if (!stored) {
                throw new IOException("another sweep has taken the server");
            }
        }

        @Override
        public void confirm() {
            transaction.executeWithoutResult(status -> fence.lock());
        }

        @Override
        public void remove() {
            store.clear(address, owner);
        }

        @Override
        public void close() {
            transaction.executeWithoutResult(status -> store.giveUp(address, owner));
        }
    }
}
