package io.keysweep.cli.service;

import io.keysweep.api.AuditProblem;
import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditChain;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.api.signature.Ed25519;
import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.ResultOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep audit verify}, which verifies the log of a service, or an exported file without a service.
 *
 * <p>The audit log is a chain. Each entry contains a hash that depends on all entries before. The number and hash of an
 * entry are its head. If a head that was noted earlier is still in the log, nothing before that entry has changed.
 */
@Command(
        name = "verify",
        description = {
            "Verifies that the audit log of a service is complete and unchanged. With FILE, verifies an exported file"
                    + " instead, without the service.",
            "Exits with 1 if a problem is found."
        })
final class AuditVerifyCommand implements Callable<Integer> {

    /** Matches the head of a log: a number of at most 18 digits, which fits into a long, and a SHA-256 hash. */
    private static final Pattern HEAD = Pattern.compile("(0|[1-9]\\d{0,17}):[0-9a-f]{64}");

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "file that 'keysweep audit export' has written")
    private @Nullable Path file;

    @Option(
            names = "--public-key",
            paramLabel = "KEY",
            description =
                    "public key of the log, which 'keysweep audit verify' shows: verifies the signatures of FILE, too")
    private @Nullable String publicKey;

    @Option(
            names = "--head",
            paramLabel = "N:HASH",
            description = "number and hash of an entry that you have noted before, and that must still be there")
    private @Nullable String head;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Mixin
    private ResultOutput output = new ResultOutput();

    private final CommandContext context;

    AuditVerifyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        AuditVerification verification = file == null ? verifyService() : verifyFile(file);
        output.write(context, verification, this::lines);
        return (verification.intact() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private AuditVerification verifyService() throws InterruptedException {
        if (publicKey != null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--public-key is given without FILE, but only a file is verified with it: the service has its own"
                            + " key");
        }
        try (ServiceClient client = new ServiceClient(service.resolve(context), context.clock())) {
            return new AuditCalls(client).verify(head);
        }
    }

    /** Verifies an exported file without the service. Signatures are verified only with {@code --public-key}. */
    private AuditVerification verifyFile(Path path) {
        if (head != null && !HEAD.matcher(head).matches()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--head is '" + head
                            + "', must be N:HASH, the number of an entry and its hash as 64 hex characters");
        }

        AuditChain chain = new AuditChain(publicKey == null ? null : key(publicKey));
        boolean hasHead = addEntries(path, chain);
        if (chain.entries() == 0) {
            throw new CommandFailure(ExitCode.USAGE, "the file '" + path + "' has no entry of an audit log");
        }
        // An export may be an excerpt of the log, so it need not begin with the first entry.
        chain.end(/* isExcerpt= */ true);
        if (head != null && !hasHead) {
            chain.problem(
                    Long.parseLong(head.substring(0, head.indexOf(':'))), "with the given hash is not in the file");
        }
        return new AuditVerification(
                chain.problems().isEmpty(),
                chain.entries(),
                chain.first(),
                chain.lastSequence(),
                chain.lastHash(),
                publicKey == null ? "" : publicKey,
                chain.problems(),
                chain.omitted());
    }

    /**
     * Adds all lines of a file to the chain, which checks each of them. Returns whether the given head is among them.
     */
    private boolean addEntries(Path path, AuditChain chain) {
        boolean hasHead = false;
        // The file is read line by line, because a log can be larger than the memory.
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                AuditLine entry = AuditLine.parse(line).orElse(null);
                if (entry == null) {
                    chain.problem(chain.lastSequence() + 1, "cannot be read: line " + number + " is not an entry");
                } else {
                    chain.add(entry);
                    hasHead = hasHead || (entry.sequence() + ":" + entry.hash()).equals(head);
                }
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "the file '" + path + "' cannot be read: " + FileProblem.of(e), e);
        }
        return hasHead;
    }

    /** Reads the public key of a log: Ed25519, as the Base64 text that this command shows. */
    static PublicKey key(String text) {
        return Ed25519.publicKey(text)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "--public-key is '" + text + "', must be the key that 'keysweep audit verify' shows"));
    }

    private List<String> lines(AuditVerification verification) {
        List<String> lines = new ArrayList<>();
        for (AuditProblem problem : verification.problems()) {
            lines.add("entry " + problem.sequence() + " " + problem.problem());
        }
        if (verification.omittedProblems() > 0) {
            lines.add("and " + Amounts.count(verification.omittedProblems(), "more problem"));
        }
        lines.add((verification.intact() ? "intact: " : "NOT INTACT: ") + Amounts.count(verification.entries(), "entry")
                + ", " + verification.first() + " to " + verification.last());
        lines.add("head        " + verification.last() + ":" + verification.head());
        if (verification.publicKey().isEmpty()) {
            lines.add("signatures  not verified: give --public-key");
        } else {
            lines.add("public key  " + verification.publicKey());
        }
        return lines;
    }
}
