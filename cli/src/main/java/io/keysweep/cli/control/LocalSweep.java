package io.keysweep.cli.control;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.PaceProfile;
import io.keysweep.cli.shell.ReasonOption;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of {@code keysweep sweeps}: reports the status of this process's sweep, and pauses, resumes,
 * cancels or tunes it.
 *
 * <p>The requests come from other processes of the user, through a {@link SweepSocket}. To know the progress, this
 * class wraps the {@link ProgressDisplay} of the sweep: it records each update and passes it to the display that the
 * user sees. A hold is a time in which the sweep sends no steps, for a reason that it reports.
 *
 * <p>The thread of the sweep and the threads of the socket use this class at the same time; {@code this} guards its
 * state.
 */
public final class LocalSweep implements ProgressDisplay {

    private static final String VERBS = "status, pause, resume, cancel or tune";

    private final ProgressDisplay display;
    private final SweepControl control;
    private final String server;
    private final Instant startedAt;

    /** Pace that was set last. */
    private PacePolicy pace;

    /** Latest progress, or null before there is any. */
    private @Nullable ProgressSnapshot progress;

    /** Reason of the current hold as the sweep has reported it, or null. */
    private @Nullable String holdReason;

    /** Who has requested a pause and why, or null. The sweep reports the pause as a hold a moment later. */
    private @Nullable SweepIntervention requestedPause;

    /**
     * Creates an object that controls a sweep which is about to begin.
     *
     * @param display shows the user of this process the progress, and what other processes have requested; closed by
     *     {@link #close}
     * @param control controls the sweep
     * @param server URI of the server, without credentials
     * @param pace pace at the start: stall budget, share, rate ceiling and limits
     * @param startedAt start of the sweep
     */
    public LocalSweep(
            ProgressDisplay display, SweepControl control, String server, PacePolicy pace, Instant startedAt) {
        this.display = display;
        this.control = control;
        this.server = server;
        this.pace = pace;
        this.startedAt = startedAt;
    }

    @Override
    public void begin(long totalKeys) {
        display.begin(totalKeys);
    }

    @Override
    public void update(ProgressSnapshot snapshot) {
        synchronized (this) {
            progress = snapshot;
        }
        display.update(snapshot);
    }

    @Override
    public void hold(@Nullable String reason) {
        synchronized (this) {
            holdReason = reason;
        }
        display.hold(reason);
    }

    @Override
    public void holdPart(@Nullable String reason) {
        synchronized (this) {
            // The status names only what holds the whole sweep.
            holdReason = null;
        }
        display.holdPart(reason);
    }

    @Override
    public void say(String line) {
        display.say(line);
    }

    @Override
    public void close() {
        display.close();
    }

    /** Returns the latest progress; before the first update, all its counts are zero. */
    public synchronized ProgressSnapshot latest() {
        return progress == null ? ProgressSnapshot.START : progress;
    }

    /**
     * Carries out a request and returns the status of the sweep, or a refusal if the request is not valid. The sweep
     * follows a request a moment later, after its current step. A pause, resume or cancel is announced to the user of
     * this process.
     *
     * @param by name of the operating system's user who makes the request
     */
    synchronized SweepAnswerLine answer(SweepRequestLine request, String by) {
        String reason = request.reason();
        if (reason != null && !ReasonOption.valid(reason)) {
            return refuse(ReasonOption.refusal(reason));
        }
        SweepIntervention intervention = new SweepIntervention(by, reason == null ? "" : reason);

        switch (request.verb()) {
            case "status" -> {}
            case "pause" -> {
                requestedPause = intervention;
                control.pause(intervention);
                say("Paused " + intervention);
            }
            case "resume" -> {
                forgetPause();
                control.resume();
                say("Resumed " + intervention);
            }
            case "cancel" -> {
                control.cancel();
                say("Cancelled " + intervention);
            }
            case "tune" -> {
                // Nothing is announced here, because the sweep announces the new pace when it uses it.
                try {
                    pace = tunedPace(request);
                } catch (IllegalArgumentException e) {
                    return refuse(PaceChangeOptions.inWordsOfOptions(String.valueOf(e.getMessage())));
                }
                control.retune(pace, intervention);
            }
            case null -> {
                return refuse("verb is missing, must be " + VERBS);
            }
            default -> {
                return refuse("verb is '" + request.verb() + "', must be " + VERBS);
            }
        }

        return new SweepAnswerLine(status(), /* refusal= */ null);
    }

    /**
     * Removes the pause, and the hold that it caused, so that the answer to a resume shows neither. The sweep reports
     * the end of the hold only a moment later.
     */
    private void forgetPause() {
        // In a cluster, the text of the hold begins with the address of a primary, and may end with the number of other
        // holds.
        boolean isHeldByPause =
                holdReason != null && requestedPause != null && holdReason.contains("paused " + requestedPause);
        if (isHeldByPause) {
            holdReason = null;
        }
        requestedPause = null;
    }

    /**
     * Returns the current pace with the changes of a request. A profile in the request replaces the stall budget, share
     * and limits first; single values of the request then take precedence. The rate ceiling is kept unless the request
     * names or removes it.
     *
     * @throws IllegalArgumentException if a value is not valid
     */
    private PacePolicy tunedPace(SweepRequestLine request) {
        String profile = request.profile();
        PacePolicy base = profile == null ? pace : policyOf(profile);
        BigDecimal millis = request.stallBudgetMs();
        Double share = request.share();
        return new PacePolicy(
                millis == null ? base.stallBudget() : PaceChangeOptions.stallBudget(millis),
                share == null ? base.shareCeiling() : share,
                tunedRateCeiling(request),
                base.limits());
    }

    /** Returns the current rate ceiling, unless a request names another one or removes it. */
    private OptionalLong tunedRateCeiling(SweepRequestLine request) {
        Long newCeiling = request.rateCeiling();
        if (newCeiling != null) {
            return OptionalLong.of(newCeiling);
        }
        return request.withoutRateCeiling() ? OptionalLong.empty() : pace.rateCeiling();
    }

    private static PacePolicy policyOf(String profile) {
        return switch (profile) {
            case "gentle" -> PaceProfile.GENTLE.policy();
            case "balanced" -> PaceProfile.BALANCED.policy();
            case "full" -> PaceProfile.FULL.policy();
            default ->
                throw new IllegalArgumentException("--profile is '" + profile + "', must be gentle, balanced or full");
        };
    }

    /** Returns the current status. A requested pause is shown even before the sweep reports the hold. */
    private SweepStatus status() {
        ProgressSnapshot latestProgress = latest();
        return new SweepStatus(
                ProcessHandle.current().pid(),
                server,
                startedAt,
                latestProgress.fraction(),
                latestProgress.visited(),
                latestProgress.reclaimed(),
                Amounts.milliseconds(latestProgress.longestStall()),
                Amounts.milliseconds(pace.stallBudget()),
                pace.shareCeiling(),
                pace.rateCeiling().isPresent() ? pace.rateCeiling().getAsLong() : null,
                requestedPause != null ? "paused " + requestedPause : holdReason);
    }

    private static SweepAnswerLine refuse(String refusal) {
        return new SweepAnswerLine(/* status= */ null, refusal);
    }
}
