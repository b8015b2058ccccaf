package io.keysweep.cli.control;

import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.ReasonOption;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The sweep of this process, as others on this machine see it and control it. Sees what is displayed, and passes it on;
 * asked by the threads of the socket. Guarded by itself.
 */
public final class LocalSweep implements ProgressDisplay {

    /** Tells the user of this process what others have asked for. */
    @FunctionalInterface
    public interface Announcements {
        void say(String line);
    }

    private final ProgressDisplay display;
    private final SweepControl control;
    private final String server;
    private final Instant startedAt;
    private final Announcements announcements;
    private PacePolicy pace;
    private @Nullable ProgressSnapshot progress;
    private @Nullable String hold;
    private @Nullable Intervention pause;

    /**
     * @param display what a person sees of it
     * @param control the hand on the sweep
     * @param server URI of the server, without credentials
     * @param pace the pace that it begins with
     * @param startedAt now
     * @param announcements hears of what others ask for
     */
    public LocalSweep(
            ProgressDisplay display,
            SweepControl control,
            String server,
            PacePolicy pace,
            Instant startedAt,
            Announcements announcements) {
        this.display = display;
        this.control = control;
        this.server = server;
        this.pace = pace;
        this.startedAt = startedAt;
        this.announcements = announcements;
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
            hold = reason;
        }
        display.hold(reason);
    }

    @Override
    public void close() {
        display.close();
    }

    /**
     * Does what is asked for.
     *
     * @param by who asks
     */
    synchronized SweepAnswerLine answer(SweepRequestLine request, String by) {
        String reason = request.reason();
        if (reason != null && !ReasonOption.valid(reason)) {
            return refused("reason must be 1 to 500 characters without control characters");
        }
        Intervention intervention = new Intervention(by, reason == null ? "" : reason);
        switch (request.verb()) {
            case "status" -> {}
            case "pause" -> {
                pause = intervention;
                control.pause(intervention);
                announcements.say("Paused " + intervention);
            }
            case "resume" -> {
                if (hold != null && pause != null && hold.endsWith("paused " + pause)) {
                    // The sweep itself sees it a moment later.
                    hold = null;
                }
                pause = null;
                control.resume();
                announcements.say("Resumed " + intervention);
            }
            case "cancel" -> {
                control.cancel();
                announcements.say("Cancelled " + intervention);
            }
            case "tune" -> {
                try {
                    pace = tuned(request);
                } catch (IllegalArgumentException e) {
                    return refused(String.valueOf(e.getMessage()));
                }
                control.retune(pace, intervention);
            }
            default -> {
                return refused("verb is '" + request.verb() + "', must be status, pause, resume, cancel or tune");
            }
        }
        return new SweepAnswerLine(status(), null);
    }

    private PacePolicy tuned(SweepRequestLine request) {
        String profile = request.profile();
        PacePolicy base = profile == null
                ? pace
                : switch (profile) {
                    case "gentle" -> PacePolicy.GENTLE;
                    case "balanced" -> PacePolicy.BALANCED;
                    case "full" -> PacePolicy.FULL;
                    default ->
                        throw new IllegalArgumentException(
                                "profile is '" + profile + "', must be gentle, balanced or full");
                };
        BigDecimal millis = request.stallBudgetMs();
        Double share = request.share();
        Long rateCeiling = request.rateCeiling();
        return new PacePolicy(
                millis == null ? base.stallBudget() : nanos(millis),
                share == null ? base.shareCeiling() : share,
                rateCeiling != null
                        ? OptionalLong.of(rateCeiling)
                        : request.withoutRateCeiling() ? OptionalLong.empty() : pace.rateCeiling(),
                base.limits());
    }

    /** Kept within what a duration holds: the policy is to say what is wrong. */
    private static Duration nanos(BigDecimal millis) {
        return Duration.ofNanos(millis.min(BigDecimal.valueOf(100_000))
                .max(BigDecimal.valueOf(-100_000))
                .movePointRight(6)
                .longValue());
    }

    private SweepStatus status() {
        ProgressSnapshot reached = progress;
        return new SweepStatus(
                ProcessHandle.current().pid(),
                server,
                startedAt,
                reached == null ? 0 : reached.fraction(),
                reached == null ? 0 : reached.visited(),
                reached == null ? 0 : reached.reclaimed(),
                reached == null ? 0 : reached.longestStall().toNanos() / 1e6,
                pace.stallBudget().toNanos() / 1e6,
                pace.shareCeiling(),
                pace.rateCeiling().isPresent() ? pace.rateCeiling().getAsLong() : null,
                pause != null ? "paused " + pause : hold);
    }

    private static SweepAnswerLine refused(String refusal) {
        return new SweepAnswerLine(null, refusal);
    }
}
