package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.pacing.RoundTripBaseline;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.reclaim.StepRequest;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One connection to a primary and what is known of the server behind it. */
final class Session implements AutoCloseable {

    /** Constant in cost, and allowed to whoever may sweep, which PING need not be. */
    private static final List<Command> IDLE_CALL = List.of(Command.of("DBSIZE"));

    private static final List<Command> VITALS = ServerStatus.SECTIONS.stream()
            .map(section -> Command.of("INFO", section))
            .toList();

    /** A step's outcome and the time that it kept the server busy. */
    record Step(StepOutcome outcome, Duration busy) {}

    private final NodeAddress address;
    private final Credentials credentials;
    private final NodeLink link;
    private final ServerInspector surveyor;
    private final RoundTripBaseline baseline = new RoundTripBaseline();
    private ServerInspection serverInspection;
    private ServerSettings settings;
    private KeyNames names;
    private int db;
    private boolean tellsTime = true;
    private long clockMicros;
    private long leaseMicros;

    private Session(
            NodeAddress address, Credentials credentials, NodeLink link, ServerInspector surveyor, KeyNames names) {
        this.address = address;
        this.credentials = credentials;
        this.link = link;
        this.surveyor = surveyor;
        this.names = names;
        serverInspection = surveyor.serverInspection(names);
        settings = serverInspection.settings();
        askTime();
    }

    /**
     * Connects to a primary and surveys it; once more if the connection breaks meanwhile, as one does that was idle for too
     * long while this process was frozen.
     *
     * @param names whether names of keys may leave it
     * @throws NodeRefusedException if it cannot be swept
     */
    static Session open(NodeConnector connector, NodeAddress address, Access access, KeyNames names) {
        try {
            return openOnce(connector, address, access, names);
        } catch (LinkBrokenException broken) {
            try {
                return openOnce(connector, address, access, names);
            } catch (LinkBrokenException again) {
                throw uninspected(address, again);
            }
        }
    }

    private static Session openOnce(NodeConnector connector, NodeAddress address, Access access, KeyNames names) {
        String nodeId = address.toString();
        NodeLink link = connector.open(address, access);
        boolean open = false;
        try {
            ServerInspector surveyor = new ServerInspector(link, nodeId, access.credentials());
            Session session = new Session(address, access.credentials(), link, surveyor, names);
            open = true;
            return session;
        } catch (UnexpectedReplyException e) {
            throw uninspected(address, e);
        } finally {
            if (!open) {
                link.close();
            }
        }
    }

    private static NodeRefusedException uninspected(NodeAddress address, RuntimeException e) {
        return new NodeRefusedException(
                address.toString(), Reason.UNREACHABLE, address + " could not be inspected: " + e.getMessage());
    }

    /** Where the primary is. */
    NodeAddress address() {
        return address;
    }

    /** What was found when it was opened, and the method of steps from now on. */
    ServerInspection serverInspection() {
        return serverInspection;
    }

    /** Whether the method is the best where names may leave like this. */
    boolean isChosenFor(KeyNames wanted) {
        return wanted == names;
    }

    /** Chooses the method anew, as the server's settings have changed; else like {@link #choose}. */
    void chooseAgain() {
        choose(names);
    }

    /**
     * Chooses the method for names that may leave like this; to be called with no step on its way.
     *
     * @throws LinkBrokenException if the server does not let itself be asked any more; a new survey tells why
     */
    void choose(KeyNames wanted) {
        try {
            serverInspection = surveyor.withMethod(serverInspection, wanted);
            settings = serverInspection.settings();
            names = wanted;
        } catch (NodeRefusedException | UnexpectedReplyException e) {
            throw new LinkBrokenException("the method cannot be chosen anew: " + e.getMessage(), e);
        }
    }

    /** Chooses the database of the next steps. */
    void select(int wanted) {
        if (db == wanted) {
            return;
        }
        if (link.call("SELECT", Integer.toString(wanted)) instanceof Reply.Failure failure) {
            throw new ServerErrors(serverInspection.inspection().nodeId(), credentials)
                    .of("SELECT", failure, MethodSelector.neededCommands());
        }
        db = wanted;
    }

    /** Begins a step in the chosen database. */
    NodeLink.Sent begin(StepRequest order) {
        return link.send(serverInspection.method().commands(order));
    }

    /** Waits for the end of a step; of the one that was begun first. */
    Step end(NodeLink.Sent sent, int count) {
        Exchange exchange = sent.await();
        try {
            StepOutcome outcome = serverInspection.method().outcome(exchange.replies(), count);
            return new Step(outcome, busy(outcome, exchange));
        } catch (UnexpectedReplyException e) {
            // Whatever it is, a new survey finds out whether and how it can go on.
            throw new LinkBrokenException("the server answers " + e.getMessage(), e);
        }
    }

    /** By the server's own measure where it has one: a round trip holds our own waits for a processor as well. */
    private Duration busy(StepOutcome outcome, Exchange exchange) {
        Duration seen = baseline.busy(exchange.roundTrip());
        Duration measured = outcome.busy();
        return measured == null || seen.compareTo(measured) < 0 ? seen : measured;
    }

    /** How the server is now; to be asked after a rest. */
    ServerStatus serverStatus() {
        sampleIdle();
        askTime();
        return new ServerStatus(info(VITALS));
    }

    /**
     * Asks anew for the settings that decide whether steps reclaim, see {@link ServerSettings#decisive}; there must be some.
     */
    ServerSettings settings() {
        try {
            settings = settings.readAgain(link);
            return settings;
        } catch (UnexpectedReplyException e) {
            throw new LinkBrokenException("the server answers " + e.getMessage(), e);
        }
    }

    /** Whether the server has settings that decide whether steps reclaim, and tells them. */
    boolean hasSettings() {
        return !settings.decisive().isEmpty();
    }

    /**
     * Lets steps begin for so long from when the server's time was asked for last, which is when this opened or how the
     * server is was asked; by the server's clock, so that a step which is late on its way, as this process was frozen,
     * does nothing. Without effect on methods other than scripts, and where the user may not ask for the time.
     */
    void leaseSteps(Duration lease) {
        leaseMicros = clockMicros == 0 ? 0 : clockMicros + lease.toNanos() / 1_000;
    }

    /** Until when steps may begin, for {@link StepRequest#notAfterMicros}. */
    long leaseMicros() {
        return leaseMicros;
    }

    private void askTime() {
        if (tellsTime && link.call("TIME") instanceof Reply.Items(List<Reply> time)) {
            clockMicros = Long.parseLong(time.get(0).text()) * 1_000_000
                    + Long.parseLong(time.get(1).text());
        } else {
            // Not again: each refusal would be a line in the server's log of its ACL.
            tellsTime = false;
            clockMicros = 0;
        }
    }

    /**
     * Measures the way to the server and back. An idle process needs longer to wake up than a busy one, so this is to be
     * done after a rest like that between steps.
     */
    void sampleIdle() {
        baseline.add(probe());
    }

    /** The shortest of the latest {@link #sampleIdle}; empty before the first. */
    Optional<Duration> idle() {
        return baseline.shortest();
    }

    /** The round trip of a call that costs the server nothing; to be asked for with no step on its way. */
    Duration probe() {
        return link.call(IDLE_CALL).roundTrip();
    }

    /** How often the server has swapped databases by now. */
    long swaps() {
        return SwapWatch.swaps(link);
    }

    /** All of INFO, of one moment. */
    ServerInfo info() {
        return info(List.of(Command.of("INFO")));
    }

    /** Has the allocator give unused pages back to the machine; tells why the server refuses, or null. */
    @Nullable String purge() {
        return link.call("MEMORY", "PURGE") instanceof Reply.Failure failure
                ? new ServerErrors(serverInspection.inspection().nodeId(), credentials)
                        .of("MEMORY", failure, List.of(Purge.PERMISSION))
                        .getMessage()
                : null;
    }

    /** What the node, one of a cluster, says of its slots. */
    ServedSlots slots() {
        Reply reply = link.call("CLUSTER", "NODES");
        if (reply instanceof Reply.Failure failure) {
            throw new ServerErrors(serverInspection.inspection().nodeId(), credentials)
                    .of("CLUSTER", failure, List.of("cluster|nodes", "cluster|slots", "cluster|countkeysinslot"));
        }
        try {
            return ServedSlots.parse(reply.text());
        } catch (UnexpectedReplyException e) {
            throw new LinkBrokenException("the server answers " + e.getMessage(), e);
        }
    }

    /** How many keys the node holds of some slots, whoever serves them. Counts, and touches none. */
    SortedMap<Integer, Long> keysOf(List<Integer> slots) {
        List<Reply> replies = link.call(slots.stream()
                        .map(slot -> Command.of("CLUSTER", "COUNTKEYSINSLOT", slot.toString()))
                        .toList())
                .replies();
        SortedMap<Integer, Long> keys = new TreeMap<>();
        for (int i = 0; i < slots.size(); i++) {
            if (replies.get(i) instanceof Reply.Numeric count && count.value() > 0) {
                keys.put(slots.get(i), count.value());
            }
        }
        return keys;
    }

    private ServerInfo info(List<Command> commands) {
        try {
            return ServerInfo.parse(
                    link.call(commands).replies().stream().map(Reply::text).collect(Collectors.joining("\n")));
        } catch (UnexpectedReplyException e) {
            throw new LinkBrokenException("the server answers " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
