package io.keysweep.engine.assist;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps the former settings of servers, one entry for each server, so that they survive the process.
 *
 * <p>{@link Assist} raises settings of a server for a while. Before that, it stores an entry with the former values; it
 * removes the entry once these values are restored. If a process was killed or has lost the server, its entry is kept,
 * and {@link SettingsRestorer} restores the settings. {@link FolderLedger} keeps the entries in files. Implementations
 * must be safe to share between threads and processes.
 */
public interface AssistLedger {

    /**
     * Returns an empty ledger that refuses to store entries.
     *
     * @param why the reason, a sentence for the user
     */
    static AssistLedger unavailable(String why) {
        return new AssistLedger() {
            @Override
            public Optional<Claim> claim(NodeAddress address) throws IOException {
                throw new IOException(why);
            }

            @Override
            public List<RaisedSettings> entries() {
                return List.of();
            }
        };
    }

    /** Returns the text that identifies a deployment in entries: its name and the addresses that the user gave. */
    static String keyOf(Deployment deployment) {
        return deployment.label() + " at "
                + deployment.addresses().stream()
                        .map(NodeAddress::toString)
                        .sorted()
                        .collect(Collectors.joining(","));
    }

    /**
     * Claims a server for this caller.
     *
     * @return the claim, which the caller must close; empty if another process, or another caller in this process, has
     *     claimed the server
     * @throws IOException if nothing can be stored; the message is part of a sentence for the user
     */
    Optional<Claim> claim(NodeAddress address) throws IOException;

    /**
     * Returns all entries, ordered by the text of their addresses. Includes entries of servers that a process has
     * claimed.
     *
     * @throws IOException if the entries cannot be read
     */
    List<RaisedSettings> entries() throws IOException;

    /** Represents the exclusive right of this caller to change the settings of one server and to store its entry. */
    interface Claim extends AutoCloseable {

        /**
         * Returns the entry that an earlier process has left, or that this process has stored; empty if there is none.
         *
         * @throws IOException if the entry cannot be read
         */
        Optional<RaisedSettings> entry() throws IOException;

        /**
         * Stores the entry instead of an earlier one. After the return, the entry survives a crash of the process.
         *
         * @throws IOException if it is not certain that the entry was stored
         */
        void store(RaisedSettings entry) throws IOException;

        /**
         * Checks that the claim is still valid. Assist calls this before and after each change to raised values.
         *
         * @throws IOException if the check is not possible. If another process has taken the server, an implementation
         *     throws an unchecked exception of its own, which ends assist; the former settings are restored then
         */
        void confirm() throws IOException;

        /**
         * Removes the entry, once the former settings are restored. Does nothing without an entry.
         *
         * @throws IOException if it is not certain that the entry was removed; the message is part of a sentence for
         *     the user
         */
        void remove() throws IOException;

        /** Releases the server. An entry that was not removed is kept. */
        @Override
        void close();
    }
}
