package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tests the exit code and the message of a command that fails. */
final class FailureReportTest {

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, UNREACHABLE",
        "NOT_REDIS, UNREACHABLE",
        "LOADING, UNREACHABLE",
        "AUTHENTICATION_REQUIRED, DENIED",
        "WRONG_CREDENTIALS, DENIED",
        "COMMAND_FORBIDDEN, DENIED",
        "REPLICA, NOT_SWEEPABLE",
        "REPLICA_WITHOUT_PRIMARY, NOT_SWEEPABLE",
        "TOO_OLD, NOT_SWEEPABLE",
        "NOT_RECLAIMING, NOT_SWEEPABLE",
        "NOT_COVERABLE, NOT_SWEEPABLE",
        "OVERLOADED, NOT_SWEEPABLE"
    })
    void exitCode_everyReasonOfRefusal_hasItsCode(Reason reason, ExitCode code) {
        assertThat(FailureReport.exitCode(new NodeRefusedException("h:1", reason, "no")))
                .isEqualTo(code);
    }

    @Test
    void exitCode_otherFailures_haveTheirOwnCodes() {
        assertThat(FailureReport.exitCode(new CommandFailure(ExitCode.USAGE, "no")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(FailureReport.exitCode(new InterruptedException())).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(FailureReport.exitCode(new IllegalStateException())).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void report_withoutDebug_isOneLineWithoutStackTrace() {
        int code = report(new IllegalStateException("boom"), /* debug= */ false);

        assertThat(code).isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err())
                .startsWith("keysweep: failed unexpectedly: ")
                .contains("boom")
                .hasLineCount(1);
    }

    @Test
    void report_withDebug_showsTheStackTrace() {
        report(new IllegalStateException("boom"), /* debug= */ true);

        assertThat(shell.err()).contains("\tat " + FailureReportTest.class.getName());
    }

    private int report(Exception failure, boolean debug) {
        CommandLine commandLine = KeysweepCommand.commandLine(shell.context());
        return new FailureReport(shell.context(), () -> debug)
                .handleExecutionException(failure, commandLine, commandLine.parseArgs());
    }
}
