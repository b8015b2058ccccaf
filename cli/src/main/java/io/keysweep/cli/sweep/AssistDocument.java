package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.SettingOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON form of an {@link AssistReport}; the names of times state their units.
 *
 * @param reclaimed expired keys that the server has reclaimed meanwhile, by its own counter; never part of a sweep's
 *     count
 * @param seconds time from the first reading to the last
 * @param raisedSeconds time at the raised settings
 * @param serverSeconds main thread's time that the raised settings took
 */
record AssistDocument(
        String nodeId,
        AssistReport.Ending ending,
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
        List<Setting> settings) {

    /**
     * Describes one setting that was changed.
     *
     * @param former value before
     * @param raised value meanwhile
     * @param present value now
     */
    record Setting(String name, String former, String raised, String present, SettingOutcome.State state) {}

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
                        .map(setting -> new Setting(
                                setting.change().name(),
                                setting.change().former(),
                                setting.change().raised(),
                                setting.present(),
                                setting.state()))
                        .toList());
    }
}
