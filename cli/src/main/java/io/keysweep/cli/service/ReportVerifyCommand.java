package io.keysweep.cli.service;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.ResultOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep report verify}, which checks that the report of a scan is unchanged since a service signed
 * it.
 *
 * <p>The report contains the public key of its signature. Anybody can sign with a key of their own, so only
 * {@code --public-key} shows that the service in question has signed.
 */
@Command(
        name = "verify",
        description = {
            "Verifies the signature of a report that 'keysweep scans report' has written. Needs no service.",
            "Exits with 1 if the report was changed, or if another key has signed it."
        })
final class ReportVerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "file that 'keysweep scans report' has written")
    private Path file = Path.of("");

    @Option(
            names = "--public-key",
            paramLabel = "KEY",
            description = "public key of the service, which 'keysweep audit verify' shows")
    private @Nullable String publicKey;

    @Mixin
    private ResultOutput output = new ResultOutput();

    private final CommandContext context;

    ReportVerifyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ReportVerification verification =
                ReportVerification.of(file, publicKey == null ? null : AuditVerifyCommand.key(publicKey));
        output.write(context, verification, ReportVerifyCommand::lines);
        return (verification.valid() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private static List<String> lines(ReportVerification verified) {
        List<String> lines = new ArrayList<>();
        lines.add(verified.valid() ? "valid: the report is as it was signed" : "NOT VALID: " + verified.problem());
        lines.add("scan        " + verified.scanId() + ", "
                + (verified.ending().isEmpty() ? verified.status() : verified.ending()) + ", "
                + Amounts.count(verified.reclaimed(), "key") + " reclaimed "
                + (verified.exact() ? "(exact)" : "(estimated)"));
        lines.add("public key  " + verified.publicKey());
        if (!verified.signerKnown()) {
            lines.add("signer      not verified: give --public-key");
        }
        return lines;
    }
}
