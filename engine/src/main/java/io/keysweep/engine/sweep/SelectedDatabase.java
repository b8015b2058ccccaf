package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the database that is selected on a sweep's connection, and the number of keys that DBSIZE last counted in it.
 *
 * <p>Steps (calls that visit keys) run in the selected database. DBSIZE costs the server next to nothing. The same call
 * therefore also measures the idle round trip: the time that network and client alone take. Used by the sweep's thread
 * only.
 */
final class SelectedDatabase {

    /**
     * The call whose round trip is measured. It is DBSIZE and not PING, since every user who is allowed to sweep is
     * allowed to call DBSIZE, but perhaps not PING.
     */
    private static final List<Command> IDLE_CALL = List.of(Command.of("DBSIZE"));

    private final NodeLink link;
    private final ServerErrors errors;

    /** The number of the selected database; null if it is not known yet. */
    private @Nullable Integer selectedNumber;

    /** The latest reply to DBSIZE in the selected database; empty before the first. */
    private OptionalLong keysSeen = OptionalLong.empty();

    /**
     * Creates the database of one connection.
     *
     * @param errors explains the server's error replies
     * @param selectedNumber the number of the database that is selected on the connection; null if that is not known
     */
    SelectedDatabase(NodeLink link, ServerErrors errors, @Nullable Integer selectedNumber) {
        this.link = link;
        this.errors = errors;
        this.selectedNumber = selectedNumber;
    }

    /**
     * Selects a database for the next steps, if it is not the selected one. No step may be in flight.
     *
     * @throws NodeRefusedException if the server refuses the database
     * @throws LinkBrokenException if the connection breaks
     */
    void select(int db) {
        if (selectedNumber != null && selectedNumber == db) {
            return;
        }
        if (link.call("SELECT", Integer.toString(db)) instanceof Reply.Failure failure) {
            throw errors.ofDatabase(db, failure, MethodSelector.neededCommands());
        }
        selectedNumber = db;
        keysSeen = OptionalLong.empty();
    }

    /**
     * Returns how many keys a database holds, by the latest DBSIZE. The result is empty if another database may be
     * selected, or if DBSIZE was refused or not sent since this one was selected. Sends nothing.
     */
    OptionalLong keysSeenIn(int db) {
        return Integer.valueOf(db).equals(selectedNumber) ? keysSeen : OptionalLong.empty();
    }

    /**
     * Selects a database and counts its keys (DBSIZE). No step may be in flight.
     *
     * @throws NodeRefusedException if the server refuses the database
     * @throws LinkBrokenException if the server refuses DBSIZE or the connection breaks
     */
    long countKeysIn(int db) {
        select(db);
        timeIdleCall();
        return keysSeen.orElseThrow(() -> new LinkBrokenException("the server refuses DBSIZE"));
    }

    /**
     * Measures the round trip of a call that costs the server next to nothing (DBSIZE), and keeps the number of keys in
     * the reply. No step may be in flight.
     */
    Duration timeIdleCall() {
        return receiveKeys(requestKeys());
    }

    /** Sends the call of {@link #timeIdleCall} without waiting, and returns the reply for {@link #receiveKeys}. */
    NodeLink.Sent requestKeys() {
        return link.send(IDLE_CALL);
    }

    /** Waits for the number of keys that {@link #requestKeys} asked for, keeps it, and returns the round trip. */
    Duration receiveKeys(NodeLink.Sent pendingReply) {
        Exchange exchange = pendingReply.await();
        keysSeen = exchange.replies().getFirst() instanceof Reply.Numeric keys
                ? OptionalLong.of(keys.value())
                : OptionalLong.empty();
        return exchange.roundTrip();
    }
}
