package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.SettingOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents an {@link AssistReport} as JSON: the result of assist on one primary.
 *
 * <p>Assist makes the server itself remove more expired keys for a while. It raises settings and then puts them back.
 * The names of times state their units. Components without a comment have the meanings of {@link AssistReport}.
 *
 * @param reclaimed number of expired keys that the server has reclaimed during assist, by the server's counter; never
 *     part of a sweep's count
 * @param counter name of the server's counter from which {@code reclaimed} is taken
 * @param seconds time from the first reading to the last
 * @param raisedSeconds time for which the settings were raised
 * @param serverSeconds time of the server's main thread that its expiry took at the raised settings
 * @param stalePercentBefore the server's estimate of how many percent of its keys with a TTL have expired, before
 *     assist; null if not known
 * @param stalePercentAfter the estimate after assist; null if not known
 * @param volatileKeysBefore number of keys with a TTL before assist, expired ones included
 * @param volatileKeysAfter number of keys with a TTL after assist
 * @param estimatedLeft expired keys that still hold memory, by the server's estimate; null if not known
 * @param settings every setting that was changed; empty if none was
 */
record AssistDocument(
        String nodeId,
        AssistReport.AssistEnding ending,
        String reason,
        long reclaimed,
        String counter,
        double seconds,
        double raisedSeconds,
        double serverSeconds,
        @Nullable Double stalePercentBefore,
        @Nullable Double stalePercentAfter,
        long volatileKeysBefore,
        long volatileKeysAfter,
        @Nullable Long estimatedLeft,
        List<RaisedSetting> settings) {

    /**
     * Describes one setting of the server that assist has changed.
     *
     * @param former value before assist
     * @param raised value that assist has set
     * @param present value after assist
     * @param state whether the former value is back
     */
    record RaisedSetting(String name, String former, String raised, String present, SettingOutcome.State state) {}

    static AssistDocument of(AssistReport report) {
        return new AssistDocument(
                report.nodeId(),
                report.ending(),
                report.reason(),
                report.reclaimed(),
                report.counter(),
                Amounts.rounded(Amounts.seconds(report.elapsed())),
                Amounts.rounded(Amounts.seconds(report.raisedFor())),
                Amounts.rounded(Amounts.seconds(report.serverBusy())),
                report.stalePercentBefore(),
                report.stalePercentAfter(),
                report.volatileKeysBefore(),
                report.volatileKeysAfter(),
                report.estimatedLeft(),
                report.settings().stream()
                        .map(setting -> new RaisedSetting(
                                setting.change().name(),
                                setting.change().former(),
                                setting.change().raised(),
                                setting.present(),
                                setting.state()))
                        .toList());
    }
}
