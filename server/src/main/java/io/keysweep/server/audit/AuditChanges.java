package io.keysweep.server.audit;

import io.keysweep.engine.text.ForeignText;
import java.util.ArrayList;
import java.util.List;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects the changes of one audited call, and forgets changes whose transaction is rolled back.
 *
 * <p>Each {@link AuditCall} has one such object. Used by one thread.
 */
final class AuditChanges {

    /**
     * The largest number of characters of all changes in JSON, so that an entry fits its column. The document of a
     * whole fleet can exceed it; further changes are then only counted.
     */
    private static final int MAX_CHANGES_LENGTH = 400_000;

    /** Changes that are committed, or were made without a transaction. */
    private final List<AuditChange> committed = new ArrayList<>();

    /** Changes of the current transaction. */
    private final List<AuditChange> uncommitted = new ArrayList<>();

    private final Runnable save;

    /**
     * Creates an empty collection.
     *
     * @param save stores all changes, also of the current transaction, so that no crash can lose them; called before a
     *     transaction commits, and after each change without a transaction
     */
    AuditChanges(Runnable save) {
        this.save = save;
    }

    /** Adds a change that was made, or that the current transaction makes. */
    void add(AuditChange change) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            if (uncommitted.isEmpty()) {
                TransactionSynchronizationManager.registerSynchronization(new Commit());
            }
            uncommitted.add(change);
        } else {
            committed.add(change);
            save.run();
        }
    }

    /** Adds a change that is kept even if the current transaction is rolled back. Does not save it. */
    void addCommitted(AuditChange change) {
        committed.add(change);
    }

    /** Returns whether there is a change that was committed, or that was made without a transaction. */
    boolean anyCommitted() {
        return !committed.isEmpty();
    }

    /** Returns all changes, also of the current transaction, the earliest first. */
    List<AuditChange> all() {
        List<AuditChange> changes = new ArrayList<>(committed);
        changes.addAll(uncommitted);
        return changes;
    }

    /**
     * Writes all changes to the field {@code changes} of an entry. If they are too long, writes the first ones that
     * fit, and a note about the omitted ones. Writes nothing if there are none.
     */
    void writeTo(ObjectNode node) {
        List<AuditChange> changes = all();
        if (changes.isEmpty()) {
            return;
        }

        ArrayNode array = node.putArray("changes");
        int length = 0;
        for (AuditChange change : changes) {
            ObjectNode json = change.toJson();
            // The length includes the escapes that the log stores.
            length += ForeignText.line(json.toString()).length();
            if (length > MAX_CHANGES_LENGTH) {
                AuditCall.addNote(
                        node,
                        (changes.size() - array.size()) + " of " + changes.size() + " changes are left out: too long");
                return;
            }
            array.add(json);
        }
    }

    /**
     * Saves the changes before their transaction commits. Afterwards, keeps them as committed, or forgets them if the
     * transaction was rolled back.
     */
    private final class Commit implements TransactionSynchronization {

        @Override
        public void beforeCommit(boolean readOnly) {
            // An exception rolls the transaction back, so nothing is changed that the log would not know.
            save.run();
        }

        @Override
        public void afterCompletion(int status) {
            // A commit whose result is unknown may have been done, and the log must not miss a change.
            if (status != STATUS_ROLLED_BACK) {
                committed.addAll(uncommitted);
            }
            uncommitted.clear();
        }
    }
}
