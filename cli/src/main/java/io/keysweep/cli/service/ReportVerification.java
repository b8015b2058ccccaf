package io.keysweep.cli.service;

import io.keysweep.api.report.ReportSignature;
import io.keysweep.api.signature.Ed25519;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.InputFile;
import java.nio.file.Path;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Describes the result of verifying a scan's report.
 *
 * <p>This class is apart from its command, because every start of the command line loads the commands, and this class
 * needs a large library.
 *
 * @param valid whether the report is unchanged since it was signed, and was signed with the given key if there is one
 * @param problem why the report is not valid; null if it is
 * @param signerKnown whether the user has given the key that must have signed
 * @param publicKey key with which the report says that it was signed
 * @param scanId id of the scan in the report; empty if the report has none
 * @param status status of the scan
 * @param ending how the scan has ended; empty if the report does not have it
 * @param reclaimed number of keys that the scan has reclaimed
 * @param exact whether the number is a count
 */
record ReportVerification(
        boolean valid,
        @Nullable String problem,
        boolean signerKnown,
        String publicKey,
        String scanId,
        String status,
        String ending,
        long reclaimed,
        boolean exact) {

    /**
     * Verifies a file.
     *
     * @param expected key that must have signed; null to accept any
     * @throws CommandFailure if the file cannot be read, or is not a report
     */
    static ReportVerification of(Path file, @Nullable PublicKey expected) {
        JsonNode document = read(file);
        JsonNode report = document.path("report");
        JsonNode signature = document.path("signature");
        if (!report.isObject() || !signature.isObject()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the file '" + file + "' is not a report: it needs the fields report and signature");
        }
        ReportSignature reportSignature = new ReportSignature(
                signature.path("algorithm").asString(""),
                signature.path("publicKey").asString(""),
                signature.path("value").asString(""));
        String problem = findProblem(reportSignature, report.toString(), expected);
        JsonNode scan = report.path("scan");
        return new ReportVerification(
                problem == null,
                problem,
                expected != null,
                reportSignature.publicKey(),
                scan.path("id").asString(""),
                scan.path("status").asString(""),
                scan.path("ending").asString(""),
                scan.path("reclaimed").asLong(0),
                scan.path("exact").asBoolean(false));
    }

    private static JsonNode read(Path file) {
        // Duplicate fields are an error, because a reader and the signature could otherwise use different values.
        JsonMapper json = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        try {
            return json.readTree(InputFile.text(file));
        } catch (StreamReadException e) {
            TokenStreamLocation place = e.getLocation();
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the file '" + file + "' is not a report: it is not JSON"
                            + (place == null ? "" : " in line " + place.getLineNr()),
                    e);
        } catch (JacksonException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the file '" + file
                            + "' is not a report: it has a field twice, or something after the end of its JSON",
                    e);
        }
    }

    /** Returns why the signature does not prove the report; null if it does. */
    private static @Nullable String findProblem(
            ReportSignature signature, String report, @Nullable PublicKey expected) {
        PublicKey namedKey = Ed25519.publicKey(signature.publicKey()).orElse(null);
        if (expected != null && !expected.equals(namedKey)) {
            return "the report was signed with another key than that of --public-key";
        }
        boolean matches = namedKey != null && signature.matches(namedKey, report);
        return matches ? null : "the report was changed, or its signature is wrong";
    }
}
