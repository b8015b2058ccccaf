package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistDriver.AssistOutcome;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.TimedLink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Raises and lowers the settings of one server for {@link AssistDriver}, and stores their former values before the
 * first change.
 *
 * <p>It also measures for how long the settings are raised, and never too short. A change has its effect when it reaches
 * the server. A command whose round trip was longer than the shortest one may have been late by the difference. So the
 * time begins when the raised values are sent, and ends when the former values are sent, plus this difference.
 *
 * <p>With the stored entry, a later process can restore the former values if this process is killed or loses the
 * server. All methods that send commands throw {@link io.keysweep.engine.link.LinkBrokenException} if the connection
 * breaks. Used by one thread.
 */
final class RaisableSettings {

    private final NodeSettings settings;
    private final AssistLedger.Claim claim;
    private final RaisedSettings entry;
    private final AssistListener listener;
    private final AssistTally tally;
    private final LongSupplier nanoTime;

    /** The connection, with the shortest round trip so far. */
    private final TimedLink link;

    /** Whether the entry is stored. */
    private boolean stored;

    /** Whether a setting may have its raised value because of this object. */
    private boolean raised;

    /** When the latest changes to the raised values were sent, on a monotonic clock, ns. */
    private long raisedAt;

    /** The latest time at which these changes would have been sent if the network had not been slower than usual, ns. */
    private long raisedLatestAt;

    /** When the latest changes to the former values were sent, on the same clock, ns. */
    private long loweredAt;

    /** The latest time at which these changes would have been sent if the network had not been slower than usual, ns. */
    private long loweredLatestAt;

    /** The end of the time at the raised settings that the tally contains, ns. */
    private long countedUntil;

    RaisableSettings(
            NodeLink link,
            AssistLedger.Claim claim,
            RaisedSettings entry,
            AssistListener listener,
            AssistTally tally,
            LongSupplier nanoTime) {
        this.link = new TimedLink(link);
        settings = new NodeSettings(this.link);
        this.claim = claim;
        this.entry = entry;
        this.listener = listener;
        this.tally = tally;
        this.nanoTime = nanoTime;
    }

    /**
     * Raises the settings, if they are not raised, and notifies the listener the first time. If only some could be
     * raised, the caller must lower them.
     *
     * <p>The first call stores the entry under the claim, and later calls confirm the claim. After a change the claim
     * is confirmed again. If another process has taken the server, for example because this process was frozen, the
     * claim throws its exception.
     *
     * @return null if all settings are raised; otherwise the ending of assist
     */
    @Nullable AssistOutcome raise() {
        boolean isFirstRaise = !stored;
        String ledgerProblem = isFirstRaise ? store() : confirm();
        if (ledgerProblem != null) {
            return new AssistOutcome(isFirstRaise ? AssistEnding.REFUSED : AssistEnding.LOST, ledgerProblem);
        }
        if (raised) {
            return null;
        }
        AssistOutcome problem = settings.requireFormer(entry.changes());
        if (problem == null) {
            // The flag is set before the commands: after a broken connection, it is unknown whether the server has run
            // them.
            raised = true;
            raisedAt = nanoTime.getAsLong();
            countedUntil = raisedAt;
            problem = settings.raise(entry.changes());
            raisedLatestAt = raisedAt + delaySince(raisedAt);
        }
        if (problem == null) {
            // A server can accept a change without making it, and another client can make a change in between.
            problem = settings.requireRaised(entry.changes());
        }
        String confirmProblem = confirm();
        if (confirmProblem != null) {
            return new AssistOutcome(AssistEnding.LOST, confirmProblem);
        }
        if (problem == null && isFirstRaise) {
            listener.onRaised(entry.address().toString(), entry.changes());
        }
        // If the server has allowed the changes before, the ending is not a refusal of assist but the loss of the
        // server.
        return problem != null && problem.ending() == AssistEnding.REFUSED && !isFirstRaise
                ? new AssistOutcome(AssistEnding.LOST, problem.reason())
                : problem;
    }

    /** Stores the entry. If this fails, returns the reason as part of a sentence; otherwise null. */
    private @Nullable String store() {
        try {
            claim.store(entry);
            stored = true;
            return null;
        } catch (IOException e) {
            return "the former settings could not be stored: " + e.getMessage();
        }
    }

    /** Checks that the claim is still valid. If it is not, returns the reason as part of a sentence; otherwise null. */
    private @Nullable String confirm() {
        try {
            claim.confirm();
            return null;
        } catch (IOException e) {
            return "the former settings may not be stored any more: " + e.getMessage();
        }
    }

    /**
     * Restores the former settings, if they are raised. A value that another client has set is not changed.
     *
     * @return null if all settings have their former values, or were not raised. Otherwise the ending of assist:
     *     another client has set a value, or the server refuses to restore one
     */
    @Nullable AssistOutcome lower() {
        if (!raised) {
            return null;
        }
        Map<String, String> currentValues = settings.read(NodeSettings.names(entry.changes()));
        loweredAt = nanoTime.getAsLong();
        settings.lower(entry.changes(), currentValues);
        loweredLatestAt = loweredAt + delaySince(loweredAt);
        List<SettingOutcome> outcomes = settings.inspect(entry.changes());
        raised = outcomes.stream().anyMatch(outcome -> outcome.state() == State.STILL_RAISED);
        if (!raised) {
            tally.addRaisedUntilLowered(Duration.ofNanos(loweredLatestAt - countedUntil));
        }
        return outcomes.stream()
                .filter(outcome -> outcome.state() != State.RESTORED)
                .findFirst()
                .map(RaisableSettings::notLowered)
                .orElse(null);
    }

    private static AssistOutcome notLowered(SettingOutcome outcome) {
        if (outcome.present().equals(ServerSettings.UNKNOWN)) {
            return new AssistOutcome(AssistEnding.LOST, NodeSettings.unreported(outcome.change()));
        }
        return new AssistOutcome(
                outcome.state() == State.LEFT_TO_OTHERS ? AssistEnding.CHANGED_BY_OTHERS : AssistEnding.LOST,
                outcome.change().name() + " is " + outcome.present() + " and not "
                        + outcome.change().former());
    }

    /**
     * Reads the settings, and returns the ending of assist if a setting does not have its raised value; null if all
     * have it.
     */
    @Nullable AssistOutcome requireRaised() {
        return settings.requireRaised(entry.changes());
    }

    /** Returns by how much a call that was sent at a time and has just ended took longer than the shortest one, ns. */
    private long delaySince(long sentAt) {
        long roundTrip = nanoTime.getAsLong() - sentAt;
        return roundTrip
                - link.shortest()
                        .map(Duration::toNanos)
                        .filter(nanos -> nanos < roundTrip)
                        .orElse(roundTrip);
    }

    /**
     * Adds the time at the raised settings so far to the tally.
     *
     * @param reading the latest reading of the server, at the raised settings
     */
    void countUntil(CycleReading reading) {
        tally.addRaised(Duration.ofNanos(reading.at() - countedUntil));
        countedUntil = reading.at();
    }

    /** Adds the time at the raised settings until now to the tally, after another object has restored the settings. */
    void countUntilRestored() {
        if (raised) {
            tally.addRaisedUntilLowered(Duration.ofNanos(nanoTime.getAsLong() - countedUntil));
            raised = false;
        }
    }

    /** Returns when the latest changes to the raised values were sent, on the clock of the constructor, ns. */
    long raisedAt() {
        return raisedAt;
    }

    /** Returns {@link #raisedAt}, plus the time by which the changes may have reached the server late. */
    long raisedLatestAt() {
        return raisedLatestAt;
    }

    /** Returns when the latest changes to the former values were sent, on the same clock, ns. */
    long loweredAt() {
        return loweredAt;
    }

    /** Returns {@link #loweredAt}, plus the time by which the changes may have reached the server late. */
    long loweredLatestAt() {
        return loweredLatestAt;
    }

    /** Returns the shortest round trip of the commands so far; zero before the first. */
    Duration shortestRoundTrip() {
        return link.shortest().orElse(Duration.ZERO);
    }

    /** Returns whether the former settings were stored. Only then may a setting have been changed. */
    boolean isStored() {
        return stored;
    }
}
