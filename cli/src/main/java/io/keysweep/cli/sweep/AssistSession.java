package io.keysweep.cli.sweep;

import io.keysweep.cli.progress.Announcements;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.FormerSettings;
import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistingEngine;
import io.keysweep.engine.assist.SettingsRestorer;
import io.keysweep.engine.assist.SettingsRestorer.Restoration;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Connects {@code keysweep sweep} with assist: raised settings that were left behind, assist itself, and its reports. */
final class AssistSession {

    private final AssistLedger ledger;
    private final Supplier<NodeConnector> connectors;
    private final Announcements announcements;
    private final AssistWatch watch;

    AssistSession(CommandContext context, Supplier<NodeConnector> connectors, Announcements announcements) {
        ledger = FormerSettings.of(context);
        this.connectors = connectors;
        this.announcements = announcements;
        watch = new AssistWatch(announcements);
    }

    /** Puts former settings back on every server of a deployment where an earlier process has left them raised. */
    void restoreLeftovers(Deployment deployment) {
        try {
            if (ledger.entries().isEmpty()) {
                return;
            }
            try (NodeConnector connector = connectors.get()) {
                for (Restoration restoration : new SettingsRestorer(connector, ledger).restore(deployment)) {
                    announcements.say(AssistSummary.leftover(restoration.entry(), restoration.settings()));
                }
            }
        } catch (IOException e) {
            announcements.say("Former settings of servers cannot be read: " + e.getMessage());
        }
    }

    /** Tries again to put settings back on servers that could not be reached when assist ended. */
    void restoreLost(Deployment deployment) {
        if (watch.reports().stream().anyMatch(AssistReport::stillRaised)) {
            restoreLeftovers(deployment);
        }
    }

    /** Returns an engine that assists each primary before it sweeps it. */
    SweepEngine assisting(SweepEngine engine) {
        return new AssistingEngine(engine, assist(), watch);
    }

    private Assist assist() {
        return new Assist(connectors.get(), ledger, Timing.system());
    }

    /** Assists all primaries of a deployment, one after the other, until one of them ends it for all. */
    void assistAll(SweepRequest request, SweepControl control, SweepListener holds) throws InterruptedException {
        try (Assist assist = assist()) {
            for (Shard shard : assist.discover(request.deployment()).shards()) {
                Shard named = request.deployment() instanceof Deployment.Cluster ? shard : null;
                AssistReport report = assist.run(request.ofShard(request.deployment(), named), control, holds, watch);
                watch.onEnded(report);
                if (report.ending() == AssistReport.Ending.CANCELLED
                        || report.ending() == AssistReport.Ending.TIMED_OUT) {
                    return;
                }
            }
        }
    }

    /** Returns the reports so far. */
    List<AssistReport> reports() {
        return watch.reports();
    }

    /** Returns the exit code of a command that has only assisted. */
    ExitCode exitCode() {
        return reports().stream()
                .map(AssistSession::exitCode)
                .filter(code -> code != ExitCode.DONE)
                .findFirst()
                .orElse(ExitCode.DONE);
    }

    /** Returns the exit code of a command whose sweep has ended with a code; settings that are still raised are a fault. */
    int exitCode(int sweep) {
        boolean fault = reports().stream().anyMatch(AssistReport::stillRaised);
        return fault && sweep == ExitCode.DONE.number() ? ExitCode.FAILED.number() : sweep;
    }

    private static ExitCode exitCode(AssistReport report) {
        if (report.stillRaised()) {
            return ExitCode.FAILED;
        }
        return switch (report.ending()) {
            case NOTHING_LEFT, LITTLE_LEFT -> ExitCode.DONE;
            // More than about 1 % is left, which must not look like success.
            case NOT_FALLING -> ExitCode.FAILED;
            case CANCELLED -> ExitCode.INTERRUPTED;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case REFUSED, CHANGED_BY_OTHERS, OVERLOADED -> ExitCode.NOT_SWEEPABLE;
            case LOST -> ExitCode.UNREACHABLE;
        };
    }
}
