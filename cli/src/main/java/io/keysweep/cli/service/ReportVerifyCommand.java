package io.keysweep.cli.service;

import io.keysweep.api.report.ReportSignature;
import io.keysweep.api.signature.Ed25519;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.ResultOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Implements {@code keysweep report verify}, which checks that a report of a scan is as a service has signed it.
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

    /**
     * Describes what the verification has found.
     *
     * @param valid whether the report is as it was signed, and by the given key if one is given
     * @param problem why the report is not valid; null if it is
     * @param signerKnown whether the user has given the key that must have signed
     * @param publicKey key that the report names as that of its signature
     * @param scanId id of the scan in the report; empty if the report has none
     * @param status status of the scan
     * @param reclaimed number of keys that the scan has reclaimed
     * @param exact whether the number is a count
     */
    private record Verified(
            boolean valid,
            @Nullable String problem,
            boolean signerKnown,
            String publicKey,
            String scanId,
            String status,
            long reclaimed,
            boolean exact) {}

    @Override
    public Integer call() {
        Verified verified = verify(read());
        output.write(context, verified, ReportVerifyCommand::lines);
        return (verified.valid() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private JsonNode read() {
        // Duplicate fields are an error: a reader and the signature could otherwise take different ones. Created here,
        // as
        // 'keysweep --help' creates this command and should load no large library.
        JsonMapper json = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        try {
            return json.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "the file '" + file + "' cannot be read: " + e, e);
        } catch (JacksonException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the file '" + file + "' is not a report: " + e.getOriginalMessage(), e);
        }
    }

    private Verified verify(JsonNode document) {
        JsonNode report = document.path("report");
        JsonNode signature = document.path("signature");
        if (!report.isObject() || !signature.isObject()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the file '" + file + "' is not a report: it needs the fields report and signature");
        }
        ReportSignature signed = new ReportSignature(
                signature.path("algorithm").asString(""),
                signature.path("publicKey").asString(""),
                signature.path("value").asString(""));
        String problem = problem(signed, report.toString());
        JsonNode scan = report.path("scan");
        return new Verified(
                problem == null,
                problem,
                publicKey != null,
                signed.publicKey(),
                scan.path("id").asString(""),
                scan.path("status").asString(""),
                scan.path("reclaimed").asLong(0),
                scan.path("exact").asBoolean(false));
    }

    /** Returns why the signature does not prove the report; null if it does. */
    private @Nullable String problem(ReportSignature signature, String report) {
        if (publicKey != null
                && !AuditVerifyCommand.key(publicKey)
                        .equals(Ed25519.publicKey(signature.publicKey()).orElse(null))) {
            return "another key than the given one has signed the report";
        }
        boolean matches = Ed25519.publicKey(signature.publicKey())
                .map(key -> signature.matches(key, report))
                .orElse(false);
        return matches ? null : "the report was changed, or its signature is wrong";
    }

    private static List<String> lines(Verified verified) {
        List<String> lines = new ArrayList<>();
        lines.add(verified.valid() ? "valid: the report is as it was signed" : "NOT VALID: " + verified.problem());
        lines.add("scan        " + verified.scanId() + ", " + verified.status() + ", "
                + Amounts.count(verified.reclaimed()) + " keys reclaimed "
                + (verified.exact() ? "(exact)" : "(estimate)"));
        lines.add("public key  " + verified.publicKey());
        if (!verified.signerKnown()) {
            lines.add("signer      not verified: give --public-key");
        }
        return lines;
    }
}
