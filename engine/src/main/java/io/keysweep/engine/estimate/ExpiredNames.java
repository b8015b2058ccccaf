package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts, by prefix, the names of dead keys that a primary removes while an estimate scans.
 *
 * <p>Dead keys are expired keys that still hold memory. SCAN returns no dead key, so the scan itself never sees their
 * names. But a primary publishes an event with the name of each dead key that it removes, if its setting {@code
 * notify-keyspace-events} contains E and x. It publishes these events to its own clients only, in a cluster too. A
 * replica removes no keys, so while a replica is scanned, the names come from its primary.
 *
 * <p>The names are counted in two groups, because {@link DeadPrefixes} uses them differently: those that arrive during
 * a step of a scan of the primary, and all others.
 *
 * <p>A server disconnects a subscriber that has too many unread events, by default more than 32 MiB. So {@link
 * #beginStep} and {@link #endStep} wait until all names have arrived. Then unread events are only those of a step, or of
 * the pause after it, which is at most 0.2 s long. Even a server that removes 250,000 keys a second publishes about 7
 * MiB in that time. If it has a lower limit, the subscription ends, and {@link #missing} says so. Used by one thread.
 */
final class ExpiredNames implements AutoCloseable {

    /** The channels on which a server publishes the names of expired keys, one channel for each database. */
    private static final String CHANNELS = "__keyevent@*__:expired";

    /** The beginning of each sentence about missing names. */
    private static final String NO_NAMES = "Dead keys have no names here, because ";

    /** The least part of the keys removed by steps whose names must have arrived. */
    private static final double MIN_PUBLISHED_PART = 0.9;

    private final NodeConnector connector;
    private final NodeAddress address;
    private final Access access;
    private final PrefixRequest prefixes;
    private final boolean scansPrimary;

    /** The names of the present step by prefix; {@link #addTo} moves them to a tally. */
    private final Map<String, Long> ofStep = new HashMap<>();

    private final Map<String, Long> removedByOthers = new HashMap<>();

    /** The number of names that have arrived during all steps. */
    private long namesOfSteps;

    private boolean isInStep;
    private boolean hasSubscribed;

    /** The connection with the subscription; null if there is none. */
    private @Nullable NodeLink link;

    /** Why the names are not known, as a sentence; null if nothing has failed so far. */
    private @Nullable String failure;

    private ExpiredNames(
            NodeConnector connector,
            NodeAddress address,
            Access access,
            PrefixRequest prefixes,
            boolean scansPrimary,
            @Nullable String failure) {
        this.connector = connector;
        this.address = address;
        this.access = access;
        this.prefixes = prefixes;
        this.scansPrimary = scansPrimary;
        this.failure = failure;
    }

    /**
     * Returns a counter, which connects when the first step begins. Returns null if the request is not for prefixes.
     *
     * @param requestedServer the server of the request
     * @param address the address of that server
     * @param source the server that is scanned: the requested server, or a replica of it
     */
    static @Nullable ExpiredNames of(
            EstimateRequest request,
            NodeConnector connector,
            EstimateSource requestedServer,
            NodeAddress address,
            EstimateSource source) {
        PictureRequest picture = request.picture();
        PrefixRequest prefixes = picture == null ? null : picture.prefixes();
        if (prefixes == null) {
            return null;
        }
        String failure = requestedServer.isReplica()
                ? NO_NAMES + address + " is a replica, which removes no keys; estimate its primary."
                : null;
        return new ExpiredNames(
                connector, address, request.deployment().access(), prefixes, !source.isReplica(), failure);
    }

    /** Begins a step of the scan. The first call subscribes. */
    void beginStep() {
        if (!hasSubscribed) {
            hasSubscribed = true;
            subscribe();
        }
        receive();
        isInStep = scansPrimary;
    }

    /** Ends a step after its reply has arrived. Outside of a step, only receives names. */
    void endStep() {
        receive();
        isInStep = false;
    }

    /** Adds the names of the steps since the last call to the cells of a tally. */
    void addTo(KeyTally tally) {
        ofStep.forEach((prefix, names) ->
                tally.add(new PictureCell(PictureCell.Kind.PREFIX_DEAD, prefix), names.doubleValue()));
        ofStep.clear();
    }

    private void subscribe() {
        if (failure != null) {
            return;
        }
        try {
            NodeLink newLink = connector.openForMessages(address, access, this::count);
            link = newLink;
            String events =
                    ServerSettings.read(newLink, List.of(ServerSettings.EVENTS)).value(ServerSettings.EVENTS);
            // Many managed servers refuse to report a setting. The events then show whether it is right.
            if (!events.equals(ServerSettings.UNKNOWN) && !events.equals(withExpired(events))) {
                fail(address + " does not publish them (notify-keyspace-events is '" + events
                        + "'); to get names, run CONFIG SET notify-keyspace-events " + withExpired(events)
                        + " for the time of an estimate, which costs the server CPU time for each expired key.");
            }
        } catch (NodeRefusedException e) {
            fail("Keysweep cannot subscribe to them: " + e.getMessage());
        } catch (LinkBrokenException e) {
            failBroken(e);
        }
    }

    /** Returns a value of notify-keyspace-events with the flags that make the server publish names of expired keys. */
    private static String withExpired(String events) {
        String withChannel = events.contains("E") ? events : events + "E";
        // The flag A includes x.
        return events.contains("x") || events.contains("A") ? withChannel : withChannel + "x";
    }

    /**
     * Waits until all names that the server has published so far have arrived. A second subscription to the same
     * channels changes nothing, but the server replies to it after all earlier messages. (PING would do the same, but
     * the user may lack the permission for it.)
     */
    private void receive() {
        NodeLink subscription = link;
        if (subscription == null) {
            return;
        }
        try {
            if (subscription.call("PSUBSCRIBE", CHANNELS) instanceof Reply.Failure error) {
                fail("Keysweep cannot subscribe to them: " + refusal(error));
            }
        } catch (LinkBrokenException e) {
            failBroken(e);
        } catch (NodeRefusedException e) {
            fail("Keysweep cannot subscribe to them: " + e.getMessage());
        }
    }

    private String refusal(Reply.Failure error) {
        if (!ServerErrors.isForbidden(error)) {
            return String.valueOf(new ServerErrors(address.toString(), access.credentials())
                    .of("PSUBSCRIBE", error, List.of())
                    .getMessage());
        }
        String name = access.credentials().username();
        String user = name == null ? "default" : name;
        return address + " does not allow user " + user + " to read its events (NOPERM); allow it with: ACL SETUSER "
                + user + " +psubscribe &" + CHANNELS;
    }

    private void failBroken(LinkBrokenException e) {
        fail(address + " has ended the subscription to them: " + e.getMessage());
    }

    /** Ends the subscription; {@code why} continues the sentence. */
    private void fail(String why) {
        failure = NO_NAMES + why;
        close();
    }

    /** Counts the name of a key that the server has removed. */
    private void count(String name) {
        String prefix = NamedKeyReader.prefix(name, prefixes);
        Map<String, Long> counts = isInStep ? ofStep : removedByOthers;
        boolean isKept = counts.size() < GroupSums.MAX_PREFIXES || counts.containsKey(prefix);
        counts.merge(isKept ? prefix : GroupSums.OTHER_PREFIXES, 1L, Long::sum);
        if (isInStep) {
            namesOfSteps++;
        }
    }

    /** Returns whether the scan removes the dead keys whose names it counts; false if a replica is scanned. */
    boolean scansPrimary() {
        return scansPrimary;
    }

    /** Returns by prefix how many names have arrived outside of steps; keys removed by the server itself or by clients. */
    Map<String, Long> removedByOthers() {
        return removedByOthers;
    }

    /**
     * Returns why the dead keys cannot be divided by prefix, as a sentence; null if they can. Call it after the scan.
     *
     * @param reclaimed the number of dead keys that the steps have removed
     * @param dead the number of all dead keys
     */
    @Nullable String missing(long reclaimed, KeyCount dead) {
        if (failure != null) {
            return failure;
        }
        if (scansPrimary && namesOfSteps < MIN_PUBLISHED_PART * reclaimed) {
            return NO_NAMES
                    + String.format(
                            Locale.ROOT,
                            "%s has published the names of only %,d of %,d keys that it removed; notify-keyspace-events"
                                    + " must contain E and x.",
                            address,
                            namesOfSteps,
                            reclaimed);
        }
        if (!scansPrimary && removedByOthers.isEmpty() && dead.highest() > 0) {
            return NO_NAMES + address + " has published none while its replica was read; it publishes the names of keys"
                    + " that it removes if notify-keyspace-events contains E and x.";
        }
        return null;
    }

    /** Ends the subscription. */
    @Override
    public void close() {
        NodeLink subscription = link;
        link = null;
        if (subscription != null) {
            subscription.close();
        }
    }
}
