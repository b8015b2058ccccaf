package io.keysweep.cli.service;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code keysweep scans report}, which writes the report of a scan that has ended. */
@Command(
        name = "report",
        description = {
            "Writes the report of a scan that has ended: what was asked of it, what happened, and what it achieved.",
            "The service signs the report; 'keysweep report verify FILE' checks the signature without the service."
        })
final class ScansReportCommand extends ServiceCommand {

    @Mixin
    private ScanArgument scan = new ScanArgument();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "file to create. Default: standard output")
    private @Nullable Path file;

    @Option(
            names = "--csv",
            description = "write the counts by primary and database as CSV, which is not signed, instead of the report")
    private boolean csv;

    ScansReportCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        String report = new ScanCalls(client).report(scan.id(client), csv ? "csv" : "json");
        Path target = file;
        if (target == null) {
            context().out().print(report.endsWith("\n") ? report : report + "\n");
            context().out().flush();
            return;
        }
        try {
            Files.createFile(target);
            write(target, report);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the file '" + target + "' cannot be created: " + FileProblem.of(e), e);
        }
        context().err().println("report written to " + target);
    }

    /** Writes a file that this command has created. Deletes it if that fails, so that no part of a report is left. */
    private static void write(Path target, String report) throws IOException {
        try {
            Files.writeString(target, report);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }
}
