package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistDriver.AssistOutcome;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.RunLimits;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out assist on one server: raises the settings of its own expiry for a while, and then restores them.
 *
 * <p>The settings are {@code hz} and {@code active-expire-effort}, with which the expiry reclaims more, and {@code
 * lazyfree-lazy-expire}, without which a large value could block the server.
 *
 * <p>{@link Assist} claims the server and creates one run for each call. The {@link AssistLedger} keeps an entry with
 * the former settings while raised settings are in force. If this process dies, a later run finds the entry and
 * restores the former settings.
 *
 * @param connector opens new connections to restore the settings if the first connection breaks
 * @param timing the source of time
 * @param request the deployment with its credentials, the pace, the deadline and the patience (how long the
 *     server's state may interrupt assist before it ends)
 * @param control lets other threads pause or cancel the run, or change its pace
 * @param holds receives the beginning and the end of holds, which are times at the former settings
 * @param listener receives the changes of settings
 * @param address the server
 * @param runId the id of the server process; empty if unknown
 * @param limit the backlog (number of dead keys) below which assist continues although the backlog no longer falls;
 *     null for none
 */
record AssistRun(
        NodeConnector connector,
        Timing timing,
        SweepRequest request,
        SweepControl control,
        SweepListener holds,
        AssistListener listener,
        NodeAddress address,
        String runId,
        @Nullable BacklogLimit limit) {

    /** The largest number of times that assist begins again after a broken connection. */
    private static final int MAX_RETRIES = 3;

    /**
     * Contains the result of assist over one connection.
     *
     * @param connectionBroke whether it ended because the connection broke
     */
    private record Attempt(AssistReport report, boolean connectionBroke) {

        /** Returns whether a new connection may continue: no setting is raised, so that it can begin as usual. */
        boolean mayRetry() {
            return connectionBroke && !report.stillRaised();
        }

        /**
         * Returns the result of this attempt and the one before it. If this one has changed no setting, the outcomes of
         * the earlier one are reported. Its refusal then is the loss of a server that has allowed the changes before.
         */
        Attempt after(Attempt earlier, AssistTally tally) {
            if (!report.settings().isEmpty()) {
                return this;
            }
            AssistEnding ending = report.ending() == AssistEnding.REFUSED ? AssistEnding.LOST : report.ending();
            return new Attempt(
                    tally.report(ending, report.reason(), earlier.report().settings()), connectionBroke);
        }
    }

    /**
     * Raises the settings until assist costs more than it gains or must end, and then restores them. Returns when they
     * are restored, or could not be restored in time. If only the connection breaks, assist begins again over a new one,
     * up to {@value #MAX_RETRIES} times.
     *
     * @param link an open connection to the server; it may break
     * @param claim the exclusive right to change the server's settings; the caller closes it
     * @throws IOException if the entry that an earlier process has left cannot be read
     * @throws LinkBrokenException if the connection breaks before a setting is raised
     * @throws InterruptedException if the thread is interrupted; the settings are restored by then if the server
     *     answers
     */
    AssistReport start(NodeLink link, AssistLedger.Claim claim, AssistTally tally)
            throws IOException, InterruptedException {
        Attempt attempt = attempt(link, claim, tally);
        for (int retry = 0; retry < MAX_RETRIES && attempt.mayRetry(); retry++) {
            try (NodeLink newLink = connector.open(address, access())) {
                if (isLost(newLink)) {
                    break;
                }
                attempt = attempt(newLink, claim, tally).after(attempt, tally);
            } catch (LinkBrokenException | UnexpectedReplyException | NodeRefusedException | IOException e) {
                break;
            }
        }
        return attempt.report();
    }

    /** Returns whether the server can no longer be assisted, for example because a failover has made it a replica. */
    private boolean isLost(NodeLink link) {
        ServerInfo info = ServerInfo.read(
                link, new ServerErrors(address.toString(), access().credentials()), MethodSelector.neededCommands());
        return new ServerStatus(info).refusal(address.toString()).isPresent();
    }

    /** Assists over one connection, as described at {@link #start}. */
    private Attempt attempt(NodeLink link, AssistLedger.Claim claim, AssistTally tally)
            throws IOException, InterruptedException {
        // The restoration comes before the plan, because the plan records the current values as the former ones. After
        // a crash of an earlier process, the current values may still be raised.
        AssistReport restoreRefusal = restoreEarlier(link, claim, tally);
        if (restoreRefusal != null) {
            return new Attempt(restoreRefusal, /* connectionBroke= */ false);
        }
        AssistPlan plan = AssistPlan.of(link);
        if (plan.refusal() != null) {
            return new Attempt(
                    tally.report(AssistEnding.REFUSED, plan.refusal(), List.of()), /* connectionBroke= */ false);
        }

        RaisedSettings entry = new RaisedSettings(
                AssistLedger.keyOf(request.deployment()),
                address,
                runId,
                timing.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                plan.changes());
        return driveAndRestore(link, claim, entry, tally);
    }

    /**
     * Restores the settings that an earlier process has left raised, and removes its entry. Does nothing if there is no
     * entry.
     *
     * @return the report of a refusal, if a setting could not be restored or the entry not removed; null if assist can
     *     continue
     * @throws IOException if the entry cannot be read
     */
    private @Nullable AssistReport restoreEarlier(NodeLink link, AssistLedger.Claim claim, AssistTally tally)
            throws IOException {
        Optional<RaisedSettings> earlierEntry = claim.entry();
        if (earlierEntry.isEmpty()) {
            return null;
        }
        List<SettingOutcome> outcomes =
                new NodeSettings(link).restore(earlierEntry.get().changes());
        listener.onRestored(earlierEntry.get(), outcomes);
        if (isRaised(outcomes)) {
            return tally.report(AssistEnding.REFUSED, "an earlier process has left settings raised", outcomes);
        }
        try {
            claim.remove();
            return null;
        } catch (IOException e) {
            return tally.report(AssistEnding.REFUSED, String.valueOf(e.getMessage()), outcomes);
        }
    }

    /**
     * Raises the settings until assist ends, restores the former ones, even after an exception, and returns the report.
     */
    private Attempt driveAndRestore(NodeLink link, AssistLedger.Claim claim, RaisedSettings entry, AssistTally tally)
            throws InterruptedException {
        RaisableSettings settings = new RaisableSettings(link, claim, entry, listener, tally, timing.nanoTime());
        boolean driveEnded = false;
        try {
            boolean connectionBroke = false;
            AssistOutcome result;
            try {
                result = drive(link, settings, tally);
            } catch (LinkBrokenException e) {
                connectionBroke = true;
                result = new AssistOutcome(AssistEnding.LOST, String.valueOf(e.getMessage()));
            }
            driveEnded = true;
            List<SettingOutcome> outcomes = restore(link, settings, entry);
            settings.countUntilRestored();
            return new Attempt(
                    tally.report(result.ending(), result.reason() + removeEntry(claim, settings, outcomes), outcomes),
                    connectionBroke);
        } finally {
            // An exception, such as an interrupt, must not leave settings raised either.
            if (!driveEnded) {
                removeEntry(claim, settings, restore(link, settings, entry));
            }
        }
    }

    /**
     * Raises and lowers the settings until assist ends. A server that no longer answers as expected also ends it, with
     * {@link AssistEnding#LOST}.
     *
     * @throws LinkBrokenException if the connection breaks
     */
    private AssistOutcome drive(NodeLink link, RaisableSettings settings, AssistTally tally)
            throws InterruptedException {
        ServerErrors errors = new ServerErrors(address.toString(), access().credentials());
        RunLimits limits = new RunLimits(timing, request.deadline(), control);
        try {
            AssistLoad load = new AssistLoad(timing, link, request.pace());
            CycleWatch watch = new CycleWatch(errors, link, limits, load, tally);
            AssistHolds assistHolds = new AssistHolds(watch, settings, holds, request.patience());
            return new AssistDriver(watch, settings, assistHolds, request.pace(), limit, tally, listener).run();
        } catch (UnexpectedReplyException | NodeRefusedException e) {
            return new AssistOutcome(AssistEnding.LOST, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Restores the former settings. Does nothing if they were never stored, because then no setting was changed.
     */
    private List<SettingOutcome> restore(NodeLink link, RaisableSettings settings, RaisedSettings entry)
            throws InterruptedException {
        if (!settings.isStored()) {
            return List.of();
        }
        return new SettingsReturn(connector, timing, address, access()).restore(link, entry.changes());
    }

    /**
     * Removes the entry from the ledger, unless a setting is still raised; then a later process needs the entry.
     *
     * @return why the entry cannot be removed, as the end of a sentence; empty if it was removed or must stay
     */
    private static String removeEntry(
            AssistLedger.Claim claim, RaisableSettings settings, List<SettingOutcome> outcomes) {
        if (!settings.isStored() || isRaised(outcomes)) {
            return "";
        }
        try {
            claim.remove();
            return "";
        } catch (IOException e) {
            return "; " + e.getMessage();
        }
    }

    private Access access() {
        return request.deployment().access();
    }

    private static boolean isRaised(List<SettingOutcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> outcome.state() == State.STILL_RAISED);
    }
}
