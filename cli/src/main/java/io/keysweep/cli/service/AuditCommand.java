package io.keysweep.cli.service;

import io.keysweep.api.AuditPage;
import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep audit}, which lists, exports and verifies the audit log of a service.
 *
 * <p>The audit log is a signed chain of entries about calls that changed something, read a secret or were refused.
 */
@Command(
        name = "audit",
        description = "Lists, exports and verifies the audit log of a service: who changed what, and what was refused.")
public final class AuditCommand extends CommandGroup {

    private AuditCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new AuditCommand(context)
                .with(new ListEntries(context), new Export(context), new AuditVerifyCommand(context));
    }

    /** Shares the options for a range of times between the commands that read a part of the log. */
    abstract static class ReadingCommand extends ServiceCommand {

        @Option(names = "--from", paramLabel = "TIME", description = "earliest time, such as 2026-11-25T02:00:00Z")
        private @Nullable String from;

        @Option(
                names = "--to",
                paramLabel = "TIME",
                description = "end of the range of times, such as 2026-11-26T02:00:00Z; later entries are left out")
        private @Nullable String to;

        private ReadingCommand(CommandContext context) {
            super(context);
        }

        /** Returns a new query with the times that the user has given. */
        final AuditCalls.Query query() {
            return new AuditCalls.Query().with("from", from).with("to", to);
        }
    }

    /** Implements {@code keysweep audit list}. */
    @Command(name = "list", description = "Lists entries of the audit log, the newest first.")
    static final class ListEntries extends ReadingCommand {

        @Option(names = "--actor", paramLabel = "AK", description = "only calls of this access key")
        private @Nullable String actor;

        @Option(
                names = "--action",
                paramLabel = "NAME",
                description = "only this operation or permission, such as createScan or keysweep:instance:manage")
        private @Nullable String action;

        @Option(
                names = "--resource",
                paramLabel = "RESOURCE",
                description = "only calls that concern this instance (its name), or this id or kind")
        private @Nullable String resource;

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description = "only calls of or about this project (name or id)")
        private @Nullable String project;

        @Option(
                names = "--outcome",
                paramLabel = "OUTCOME",
                description = "only calls that were done or refused, or with an HTTP status such as 403")
        private @Nullable String outcome;

        @Option(
                names = "--before",
                paramLabel = "N",
                description = "only entries with a lower sequence number, for the next page")
        private @Nullable Long before;

        @Option(names = "--limit", paramLabel = "N", description = "maximum number of entries, 1 to 1000. Default: 100")
        private @Nullable Integer limit;

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListEntries(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String projectId = project == null ? null : new IdResolver(client).projectId(project);
            String resourceId = resource == null ? null : new IdResolver(client).resourceId(resource);
            AuditPage page = new AuditCalls(client)
                    .list(query().with("actor", actor)
                            .with("action", action)
                            .with("resource", resourceId)
                            .with("project", projectId)
                            .with("outcome", outcome)
                            .with("before", before)
                            .with("limit", limit));
            output.writeList(context(), page, page.entries(), AuditTable.ENTRIES);
        }
    }

    /** Implements {@code keysweep audit export}. */
    @Command(
            name = "export",
            description = {
                "Writes the audit log to a file, one JSON object on each line, the oldest entry first.",
                "'keysweep audit verify FILE' verifies the file without the service."
            })
    static final class Export extends ReadingCommand {

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "file to create. Default: standard output")
        private @Nullable Path file;

        private Export(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            Path target = file;
            if (target == null) {
                // A reader that has enough, such as head, needs no further page.
                export(client, page -> {
                    context().out().print(page);
                    return !context().out().checkError();
                });
                return;
            }
            long entries = create(client, target);
            context()
                    .err()
                    .println(Amounts.count(entries) + (entries == 1 ? " entry" : " entries") + " written to " + target);
        }

        /**
         * Creates the file with all entries and returns their number. After a failure there is no file. So no reader
         * takes a part of the log for all of it, and the user can repeat the command.
         */
        private long create(ServiceClient client, Path target) throws InterruptedException {
            if (Files.exists(target)) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "the file '" + target + "' already exists: give another name, or delete it first");
            }

            // The draft is in the same folder, because only there is the move atomic.
            Path draft = target.resolveSibling(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            try {
                long entries;
                try (Writer writer = Files.newBufferedWriter(draft, StandardCharsets.UTF_8)) {
                    entries = export(client, page -> {
                        try {
                            writer.write(page);
                            return true;
                        } catch (IOException e) {
                            // A Predicate can throw no IOException.
                            throw failure(target, e);
                        }
                    });
                }
                // REPLACE_EXISTING is not given, so that a file that another process has created in the meantime is not
                // overwritten.
                Files.move(draft, target);
                return entries;
            } catch (IOException e) {
                throw failure(target, e);
            } finally {
                delete(draft);
            }
        }

        private static CommandFailure failure(Path file, IOException e) {
            return new CommandFailure(
                    ExitCode.USAGE,
                    "the file '" + file + "' cannot be written: "
                            + (e instanceof NoSuchFileException ? "its folder does not exist" : FileProblem.of(e)),
                    e);
        }

        private static void delete(Path draft) {
            try {
                Files.deleteIfExists(draft);
            } catch (IOException e) {
                // The draft is not deleted. The user already sees another failure, which explains why.
            }
        }

        /**
         * Reads the log page by page, passes each page to {@code output}, and returns the number of entries.
         *
         * @param output takes a page; returns false to end the export
         * @throws CommandFailure if an answer is not a part of an audit log
         */
        private long export(ServiceClient client, Predicate<String> output) throws InterruptedException {
            AuditCalls calls = new AuditCalls(client);
            long lastSequence = 0;
            long entries = 0;
            while (true) {
                String page = calls.export(query().with("after", lastSequence));
                List<String> lines = page.lines().toList();
                // The second condition keeps a service that ignores the parameter from sending the first page forever.
                if (lines.isEmpty() || AuditCalls.sequence(lines.getFirst()) <= lastSequence) {
                    return entries;
                }
                if (!output.test(page)) {
                    return entries;
                }
                entries += lines.size();
                lastSequence = AuditCalls.sequence(lines.getLast());
            }
        }
    }
}
