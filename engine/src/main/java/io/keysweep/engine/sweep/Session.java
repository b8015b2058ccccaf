package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.reclaim.StepRequest;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connects a sweep to one primary: sends its steps, and reads the server's status, settings and clock.
 *
 * <p>A step is one call that visits keys: DBSIZE, SCAN and DBSIZE again. The reclaim method (script, transaction or
 * pipeline) decides how the server runs a step. {@link SessionOpener} opens sessions.
 *
 * <p>A method that calls the server throws {@link LinkBrokenException} if the connection breaks or the reply makes no
 * sense. {@link Recovery} then replaces the session. Replies arrive in the order of sending. So while a step is in flight
 * (sent, and not answered), only {@link #sendStep}, {@link #receiveStep}, {@link #requestStatus} and {@link
 * #receiveStatusBetweenSteps} may be called. Used by the sweep's thread only.
 */
final class Session implements AutoCloseable {

    /**
     * Holds the pending replies of {@link #requestStatus}.
     *
     * @param keys the number of keys in the selected database
     * @param status the sections of INFO
     * @param settings the decisive settings; null if the server has none
     * @param clock the server's clock; null if the user is not allowed to read it
     */
    private record RequestedStatus(
            NodeLink.Sent keys,
            NodeLink.Sent status,
            NodeLink.@Nullable Sent settings,
            NodeLink.@Nullable Sent clock) {}

    private final NodeAddress address;
    private final NodeLink link;
    private final ServerErrors errors;
    private final SelectedDatabase database;
    private final ClusterNodeQueries clusterNode;
    private final InfoReader info;
    private final ServerInspector inspector;

    private final IdleRoundTrips idleRoundTrips;

    private final StepLease stepLease = new StepLease();

    /** The pending replies of {@link #requestStatus}; null if there are none. */
    private @Nullable RequestedStatus requestedStatus;

    /** Whether the settings were received with the latest status. */
    private boolean settingsCameWithStatus;

    private ServerInspection inspection;

    /** The settings as they were last read, which may be later than the inspection. */
    private ServerSettings settings;

    /** The rule for key names under which the reclaim method was chosen. */
    private KeyNames keyNames;

    /**
     * Creates a session on a new connection, and inspects the server at its other end. If the constructor throws, the
     * caller closes the link.
     *
     * @param inspectorLink the link of the inspector, which uses the same connection
     * @throws NodeRefusedException if the server cannot be swept
     * @throws LinkBrokenException if the connection breaks
     * @throws UnexpectedReplyException if a reply makes no sense
     */
    Session(
            NodeAddress address,
            Credentials credentials,
            NodeLink link,
            TimedLink inspectorLink,
            ServerInspector inspector,
            KeyNames keyNames) {
        this.address = address;
        this.link = link;
        this.errors = new ServerErrors(address.toString(), credentials);
        this.inspector = inspector;
        this.keyNames = keyNames;
        inspection = inspector.inspect(keyNames);
        settings = inspection.settings();
        // If only database 0 has keys, the inspection leaves it selected. Otherwise any database may be selected.
        boolean zeroIsSelected = inspection.summary().keys().keySet().stream().allMatch(db -> db == 0);
        database = new SelectedDatabase(link, errors, zeroIsSelected ? 0 : null);
        clusterNode = new ClusterNodeQueries(link, errors);
        info = new InfoReader(link);
        idleRoundTrips = new IdleRoundTrips(inspectorLink, database);
        stepLease.prepare(link, inspection.method().checksServerClock());
    }

    /** Returns the primary's address. */
    NodeAddress address() {
        return address;
    }

    /**
     * Returns whether the server is so far away that several steps should be on their way at a time. A single fast call
     * makes it near for the rest of the session.
     */
    boolean isFar() {
        return idleRoundTrips.isFar();
    }

    /**
     * Returns whether the server is so far away that only steps with turns can keep it busy, even at full share; see
     * {@link StepTurns}. Returns false if the user is not allowed to read the server's clock, because turns are then
     * not possible.
     */
    private boolean needsTurns() {
        return isFar() && isClockKnown();
    }

    /**
     * Returns the inspection that was made when the session was opened. Its reclaim method is the current one, and its
     * settings are the basis on which the method was chosen.
     */
    ServerInspection inspection() {
        return inspection;
    }

    /** Returns whether the reclaim method was chosen under this rule for key names. */
    boolean isMethodChosenFor(KeyNames requestedRule) {
        return requestedRule == keyNames;
    }

    /**
     * Returns the rule for key names under which to choose the method of this session. Over a long distance, steps need
     * turns (planned times for their start), and only scripts can check turns. Names then never leave the server just
     * because another method is cheaper.
     */
    KeyNames namesOverDistance(KeyNames names) {
        return names == KeyNames.LEAVE_IF_CHEAPER && needsTurns() ? KeyNames.LEAVE_IF_NEEDED : names;
    }

    /** Chooses the reclaim method again, since the server's settings have changed; see {@link #chooseMethod}. */
    void rechooseMethod() {
        chooseMethod(keyNames);
    }

    /**
     * Reads the server's settings, and chooses the reclaim method under a rule for key names. If the current method is
     * also the best one under the new rule, nothing is sent. No step may be in flight.
     *
     * @throws LinkBrokenException if the server refuses a command that the choice needs; the inspection of the next
     *     session then finds the reason
     */
    void chooseMethod(KeyNames requestedRule) {
        if (requestedRule != keyNames
                && requestedRule == KeyNames.LEAVE_IF_NEEDED
                && inspection.method().checksServerClock()) {
            // The method is a script, which is the best method unless names leave for a cheaper one.
            keyNames = requestedRule;
            return;
        }
        try {
            inspection = inspector.rechooseMethod(inspection, requestedRule);
            settings = inspection.settings();
            keyNames = requestedRule;
        } catch (NodeRefusedException | UnexpectedReplyException e) {
            throw new LinkBrokenException("the reclaim method could not be chosen again: " + e.getMessage(), e);
        }
    }

    /** Returns the selected database of the connection. The caller selects the right one before it sends a step. */
    SelectedDatabase database() {
        return database;
    }

    /** Returns the server as a node of a cluster. Outside a cluster, its commands are refused. */
    ClusterNodeQueries clusterNode() {
        return clusterNode;
    }

    /** Returns the reader of the server's INFO. */
    InfoReader info() {
        return info;
    }

    /**
     * Sends a step for the selected database without waiting, and returns its pending reply for {@link #receiveStep}.
     */
    NodeLink.Sent sendStep(StepRequest request) {
        return link.send(inspection.method().commands(request));
    }

    /**
     * Waits for the reply to a step. Replies must be received in the order in which the steps were sent. If the server
     * has refused the step because its lease had expired, {@link #hasRefusedStep} returns true from now on.
     *
     * @param pendingReply the reply that {@link #sendStep} returned
     * @param count the COUNT of the step
     * @param hadTurn whether the step had a turn, see {@link StepTurns}
     */
    MeasuredStep receiveStep(NodeLink.Sent pendingReply, int count, boolean hadTurn) {
        Exchange exchange = pendingReply.await();
        try {
            StepOutcome outcome = inspection.method().outcome(exchange.replies(), count);
            if (outcome.refusal() == StepOutcome.Refusal.LEASE_EXPIRED) {
                stepLease.recordRefusal();
            }
            return MeasuredStep.of(outcome, exchange.roundTrip(), idleRoundTrips.baseline(), hadTurn, isFar());
        } catch (UnexpectedReplyException e) {
            // Whatever the cause, the inspection of a new session finds out whether the sweep can continue.
            throw LinkBrokenException.after(e);
        }
    }

    /**
     * Asks for all that {@link #readStatus} reads, behind the steps in flight, so that it need not wait for further
     * round trips after their replies. The server answers after it has run these steps. The caller must receive them,
     * and then call {@link #readStatus} or {@link #receiveStatusBetweenSteps}, before it receives later steps or calls
     * any other method that calls the server.
     */
    void requestStatus() {
        requestedStatus = new RequestedStatus(
                database.requestKeys(),
                info.requestStatusSections(),
                hasDecisiveSettings() ? settings.request(link) : null,
                stepLease.request(link));
    }

    /**
     * Reads the server's status, samples the idle round trip, and prepares the step lease by reading the server's
     * clock. Must follow a delay, see {@link IdleRoundTrips#sample}.
     *
     * <p>From a distant server, and after {@link #requestStatus}, the call receives all of that in one round trip, with
     * the settings for {@link #readDecisiveSettings}. It then samples the idle round trip only if a sample is due.
     */
    ServerStatus readStatus() {
        settingsCameWithStatus = false;
        if (requestedStatus == null && isFar()) {
            requestStatus();
        }
        if (requestedStatus == null) {
            idleRoundTrips.sample();
            prepareStepLease();
            return new ServerStatus(info.readStatusSections());
        }
        return receiveStatus();
    }

    /**
     * Receives what {@link #requestStatus} has asked for, and sends nothing, so that later steps may be in flight. Does
     * not sample the idle round trip. If the server's clock could not be read, {@link #isClockKnown} returns false.
     */
    ServerStatus receiveStatusBetweenSteps() {
        RequestedStatus pendingStatus = takeRequestedStatus();
        ServerInfo sections = receiveRequested(pendingStatus);
        try {
            stepLease.receiveClock(pendingStatus.clock());
        } catch (UnexpectedReplyException e) {
            throw LinkBrokenException.after(e);
        }
        idleRoundTrips.skipSample();
        return new ServerStatus(sections);
    }

    /** Receives what {@link #requestStatus} has asked for. */
    private ServerStatus receiveStatus() {
        RequestedStatus pendingStatus = takeRequestedStatus();
        ServerInfo sections = receiveRequested(pendingStatus);
        try {
            stepLease.receive(pendingStatus.clock(), link, inspection.method().checksServerClock());
        } catch (UnexpectedReplyException e) {
            throw LinkBrokenException.after(e);
        }
        idleRoundTrips.sampleIfDue();
        return new ServerStatus(sections);
    }

    private RequestedStatus takeRequestedStatus() {
        RequestedStatus pendingStatus = Objects.requireNonNull(requestedStatus);
        requestedStatus = null;
        return pendingStatus;
    }

    /** Receives the keys, INFO and settings of a requested status, but not the clock, and returns INFO. */
    private ServerInfo receiveRequested(RequestedStatus pendingStatus) {
        settingsCameWithStatus = false;
        database.receiveKeys(pendingStatus.keys());
        ServerInfo sections = info.receive(pendingStatus.status());
        if (pendingStatus.settings() != null) {
            receiveSettings(pendingStatus.settings());
            settingsCameWithStatus = true;
        }
        return sections;
    }

    /** Extracts the counters about expired keys from a status. */
    ExpiryReading expiryReading(ServerStatus status) {
        return new ExpiryReading(status.expiredKeys(), status.expiryTraces(inspection.method()));
    }

    /** Returns whether the server has settings that decide whether steps reclaim, and lets this user read them. */
    boolean hasDecisiveSettings() {
        return !settings.decisive().isEmpty();
    }

    /**
     * Returns whether the server may hide expired keys, and nothing would show that, see {@link
     * ServerSettings#mayHideKeys}. This is so if it never let this user read its settings, or no longer does.
     */
    boolean mayHideKeys() {
        ServerProfile profile = inspection.summary().profile();
        return settings.mayHideKeys(new ServerIdentity(profile.flavour(), profile.version()));
    }

    /**
     * Reads the decisive settings again, unless {@link #readStatus} has just received them, and returns all settings.
     * Must be called only if {@link #hasDecisiveSettings} is true.
     */
    ServerSettings readDecisiveSettings() {
        if (!settingsCameWithStatus) {
            receiveSettings(settings.request(link));
        }
        return settings;
    }

    /** Returns whether the latest {@link #readStatus} has also received the decisive settings. */
    boolean settingsCameWithStatus() {
        return settingsCameWithStatus;
    }

    private void receiveSettings(NodeLink.Sent pendingReply) {
        try {
            settings = settings.receive(pendingReply);
        } catch (UnexpectedReplyException e) {
            throw LinkBrokenException.after(e);
        }
    }

    /** Lets steps start until {@code lease} after the latest reading of the server's clock, see {@link StepLease}. */
    void renewStepLease(Duration lease) {
        stepLease.renew(lease, inspection.method().checksServerClock());
    }

    /** Returns whether the server has refused a step since the step lease was renewed. */
    boolean hasRefusedStep() {
        return stepLease.hasRefusedStep();
    }

    /** Returns whether the server's clock was read with the latest status. */
    boolean isClockKnown() {
        return stepLease.serverMicros() != 0;
    }

    /** Reads the server's clock, and returns it in µs since 1970; 0 if the server refuses TIME. */
    long readServerClock() {
        prepareStepLease();
        return stepLease.serverMicros();
    }

    /** Returns the server's id of this connection, see {@link StepLease#clientId}. */
    long clientId() {
        return stepLease.clientId();
    }

    /**
     * Makes the server close another connection (CLIENT KILL), so that it runs no further command of that connection.
     *
     * @return false if the server refuses the command; true if the connection is closed now or was closed before
     */
    boolean closeConnection(long otherClientId) {
        // The reply is the number of closed connections: 0 if that connection is closed already.
        return link.call("CLIENT", "KILL", "ID", Long.toString(otherClientId)) instanceof Reply.Numeric;
    }

    /**
     * Returns until when steps may start, µs since 1970 by the server's clock; 0 for no limit. See
     * {@link StepRequest#notAfterMicros}.
     */
    long stepNotAfterMicros() {
        return stepLease.notAfterMicros();
    }

    /** Returns the idle round trips of this session. */
    IdleRoundTrips idleRoundTrips() {
        return idleRoundTrips;
    }

    /**
     * Makes the server's allocator return unused pages to the operating system (MEMORY PURGE). The server may serve no
     * client while it does so.
     *
     * @return why the server refuses, for the user; null if it has run the command
     */
    @Nullable String purgeMemory() {
        return link.call("MEMORY", "PURGE") instanceof Reply.Failure failure
                ? errors.of("MEMORY", failure, List.of(Purge.PERMISSION)).getMessage()
                : null;
    }

    private void prepareStepLease() {
        try {
            stepLease.prepare(link, inspection.method().checksServerClock());
        } catch (UnexpectedReplyException e) {
            throw LinkBrokenException.after(e);
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
