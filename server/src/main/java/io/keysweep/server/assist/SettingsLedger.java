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
 * Keeps the former settings of servers in the database while assist has raised them, for one attempt at a sweep.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. An attempt is
 * one worker's claim on a sweep, the part of a scan that visits one primary. Assist stores or confirms the former
 * settings before each change of a setting, in a transaction under the lock of the attempt. So once another worker has
 * claimed the sweep, a worker that was frozen can store nothing, and raises nothing (fencing).
 *
 * <p>The methods throw what {@link AttemptFence#lock} throws, and a {@code DataAccessException} if the database fails.
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
            boolean wasTaken = Boolean.TRUE.equals(transaction.execute(status -> {
                fence.lock();
                return store.take(address.toString(), owner);
            }));
            return wasTaken ? Optional.of(new RowClaim(address.toString())) : Optional.empty();
        } catch (DuplicateKeyException e) {
            // Another sweep has taken the server between the check and the insert.
            return Optional.empty();
        }
    }

    /** Returns the former settings that this attempt may restore: the settings of servers that no other sweep uses. */
    @Override
    public List<RaisedSettings> entries() {
        return store.leftovers(owner);
    }

    /** Represents a server that this attempt has taken, by its row in the database. */
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
            boolean wasStored = Boolean.TRUE.equals(transaction.execute(status -> {
                fence.lock();
                return store.store(entry, owner);
            }));
            if (!wasStored) {
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
