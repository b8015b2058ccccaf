package io.keysweep.server.sweep;

import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.control.SweepDecision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes how a run has ended. A run is the work of one worker on a sweep (the part of a scan that visits one
 * primary). From the result, {@link RunSettlement} decides what happens to the sweep.
 */
sealed interface RunResult {

    /** The engine has ended the run in an orderly way and returned its report. */
    record Reported(SweepReport report) implements RunResult {}

    /**
     * The engine has refused to sweep the server, or can no longer reach the server.
     *
     * @param refusal the exception of the engine; its message says why, in words for users
     * @param mayPass whether the cause can disappear without an operator, so that it makes sense to try again later
     * @param serverLostAt when the run has lost the server; null if the run has not reached it at all
     */
    record Refused(
            NodeRefusedException refusal,
            boolean mayPass,
            @Nullable Instant serverLostAt) implements RunResult {

        /**
         * Returns the decision of a user or a rule that takes precedence over the refusal, or null if there is none.
         * While a run waits for its server, a user can cancel or pause the scan, or a window can close. Each of these
         * ends the wait, and the engine then reports only that it could not reach the server. A decision to wait is
         * ignored if the cause of the refusal cannot disappear, because the sweep would meet the cause again.
         *
         * @param before decision before the run
         * @param leaveDecision decision that has made the sweep leave its worker, or null if there was none
         */
        @Nullable SweepDecision decision(SweepDecision before, @Nullable SweepDecision leaveDecision) {
            if (before instanceof SweepDecision.End) {
                return before;
            }
            return leaveDecision instanceof SweepDecision.Wait && !mayPass ? null : leaveDecision;
        }
    }

    /** The run has only assisted the server (raised its settings), as its scan asks, and made no step. */
    record Assisted(AssistReport report) implements RunResult {}

    /** The run has ended with an unexpected exception, which is in the log. */
    record Faulty() implements RunResult {}
}
