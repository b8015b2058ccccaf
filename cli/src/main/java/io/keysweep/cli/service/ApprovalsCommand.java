package io.keysweep.cli.service;

import io.keysweep.api.ApprovalView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ReasonOption;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep approvals}, which lists the requests for scans above ceilings, and approves or rejects
 * them.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. A scan above a ceiling begins only if
 * another access key approves it.
 */
@Command(
        name = "approvals",
        description = {
            "Lists, approves and rejects requests of others for scans above the ceilings of their instance.",
            "Ceilings are limits of the pace, see 'keysweep ceilings'."
        })
public final class ApprovalsCommand extends CommandGroup {

    private ApprovalsCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new ApprovalsCommand(context)
                .with(new ListApprovals(context), new Approve(context), new Reject(context));
    }

    /** Implements {@code keysweep approvals list}. */
    @Command(name = "list", description = "Lists the requests of the project, the newest first.")
    static final class ListApprovals extends ServiceCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListApprovals(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            List<ApprovalView> approvals = new ScanCalls(client).approvals();
            // The names of instances cost another request, and only forms with cells, such as tables, show them.
            boolean needsNames = output.needsCells() && !approvals.isEmpty();
            Map<String, String> names = needsNames ? new IdResolver(client).instanceNames() : Map.of();
            output.writeList(context(), approvals, table(names));
        }
    }

    /** Shares the arguments between {@code approve} and {@code reject}. Each of them decides about one request. */
    abstract static class Decision extends ServiceCommand {

        private final String verb;

        @Parameters(
                paramLabel = "REQUEST",
                description = "id of the request, see 'keysweep approvals list', or name of its instance")
        private String request = "";

        @Mixin
        private ReasonOption reason = new ReasonOption();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Decision(CommandContext context, String verb) {
            super(context);
            this.verb = verb;
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = new IdResolver(client).approvalId(request);
            ApprovalView approval = new ScanCalls(client).decide(id, verb, reason.reason());
            output.writeOne(
                    context(),
                    approval,
                    table(Map.of()),
                    row -> List.of(row.scanId() == null ? row.state() : String.valueOf(row.scanId())));
        }
    }

    /** Implements {@code keysweep approvals approve}. */
    @Command(
            name = "approve",
            description = {
                "Approves a request of another access key, and writes the id of the scan that it creates.",
                "Needs the action keysweep:scan:approve."
            })
    static final class Approve extends Decision {

        private Approve(CommandContext context) {
            super(context, "approve");
        }
    }

    /** Implements {@code keysweep approvals reject}. */
    @Command(name = "reject", description = "Rejects a request. Needs the action keysweep:scan:approve.")
    static final class Reject extends Decision {

        private Reject(CommandContext context) {
            super(context, "reject");
        }
    }

    /**
     * Returns the table of requests.
     *
     * @param names names of instances by their ids; an instance without a name here is shown by its id
     */
    private static Table<ApprovalView> table(Map<String, String> names) {
        return Table.of("No scan waits for approval.", /* name= */ ApprovalView::id, /* id= */ ApprovalView::id)
                .column("ID", ApprovalView::id)
                .column("STATE", ApprovalView::state)
                .column("INSTANCE", approval -> names.getOrDefault(approval.instanceId(), approval.instanceId()))
                .column("ASKED", ApprovalView::asked)
                .column("BY", ApprovalView::requestedBy)
                .column("EXPIRES", ApprovalView::expiresAt)
                .wide("ABOVE", ApprovalView::above)
                .wide("DECIDED BY", ApprovalView::decidedBy)
                .wide("WHY", ApprovalView::decidedWhy)
                .wide("SCAN", ApprovalView::scanId)
                .wide("INSTANCE ID", ApprovalView::instanceId);
    }
}
