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
 * <p>{@link Assist} raises settings of a server for a while. It stores an entry with their former values before, and
 * removes the entry once they are back. An entry that is left behind belongs to a process that was killed or has lost
 * the server; {@link SettingsRestorer} puts its settings back. {@link FolderLedger} keeps the entries in files.
 * Implementations must be safe to share between threads and processes.
 */
public interface AssistLedger {

    /**
     * Returns a ledger that is empty and in which nothing can be stored.
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

    /**
     * Returns the text by which entries of a deployment are recognised: its name and the addresses that the user gave.
     */
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
     * Returns all entries, ordered by the text of their addresses, also those of servers that a process has claimed at
     * this moment.
     *
     * @throws IOException if the entries cannot be read
     */
    List<RaisedSettings> entries() throws IOException;

    /** Represents the exclusive right of this caller to change the settings of one server and to store its entry. */
    interface Claim extends AutoCloseable {

        /**
         * Returns the entry that an earlier process has left behind, or this one has stored; empty if there is none.
         *
         * @throws IOException if there is one that cannot be read
         */
        Optional<RaisedSettings> entry() throws IOException;

        /**
         * Stores the entry in place of an earlier one, and returns when it survives a crash of the process.
         *
         * @throws IOException if the entry may not be stored
         */
        void store(RaisedSettings entry) throws IOException;

        /**
         * Checks that the claim still holds. Assist calls this before and after each change to raised values.
         *
         * @throws IOException if that cannot be found out; an implementation throws an unchecked exception of its own
         *     if another process has taken the server, which ends assist at the former settings
         */
        void confirm() throws IOException;

        /**
         * Removes the entry, once the former settings are back. Does nothing without an entry.
         *
         * @throws IOException if the entry may still be there; the message is part of a sentence for the user
         */
        void remove() throws IOException;

        /** Gives the server up; an entry that was not removed stays. */
        @Override
        void close();
    }
}
