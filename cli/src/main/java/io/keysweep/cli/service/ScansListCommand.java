package io.keysweep.cli.service;

import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code keysweep scans list}, which reads pages from the service until it has {@code --limit} scans. */
@Command(name = "list", description = "Lists the project's scans, newest first.")
final class ScansListCommand extends ServiceCommand {

    /** Largest number of scans on one page that the service returns. */
    private static final int MAX_PAGE_SIZE = 200;

    private static final int MAX_LIMIT = 10_000;

    @Option(names = "--instance", paramLabel = "INSTANCE", description = "only scans of this instance: its name or id")
    private @Nullable String instance;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "only scans with this status: waiting, running, success or failed")
    private @Nullable String status;

    @Option(names = "--type", paramLabel = "TYPE", description = "only scans of this type: manual or auto")
    private @Nullable String scanType;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "maximum number of scans, 1 to 10000. Default: 50")
    private int limit = 50;

    @Mixin
    private EntryOutput output = new EntryOutput();

    ScansListCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new CommandFailure(ExitCode.USAGE, "--limit is '" + limit + "', must be from 1 to " + MAX_LIMIT);
        }
        String instanceId = instance == null ? null : new IdResolver(client).instanceId(instance);
        List<ScanView> scans = scans(new ScanCalls(client), instanceId);
        // The names of instances cost another request, and only forms with cells, such as tables, show them.
        Table<ScanView> table =
                output.needsCells() && !scans.isEmpty() ? ScanTable.withNames(client) : ScanTable.withIds();
        GivenFilters filters = new GivenFilters()
                .with("--instance", instance)
                .with("--status", status)
                .with("--type", scanType);
        output.writeList(context(), scans, filters.in(table, "scan"));
    }

    /** Reads pages until the limit is reached or the service has no more. */
    private List<ScanView> scans(ScanCalls calls, @Nullable String instanceId) throws InterruptedException {
        List<ScanView> scans = new ArrayList<>();
        String cursor = null;
        do {
            ScanPage page = calls.page(query(instanceId, cursor, limit - scans.size()));
            scans.addAll(page.scans());
            cursor = page.nextCursor();
        } while (cursor != null && scans.size() < limit);
        return scans;
    }

    /**
     * Returns the parameters of the request for the next page.
     *
     * @param cursor where the page begins, as the page before has said; null for the first page
     * @param missing number of scans that are still needed
     */
    private Map<String, String> query(@Nullable String instanceId, @Nullable String cursor, int missing) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", String.valueOf(Math.min(missing, MAX_PAGE_SIZE)));
        putIfGiven(query, "instanceId", instanceId);
        putIfGiven(query, "status", status);
        putIfGiven(query, "scanType", scanType);
        putIfGiven(query, "cursor", cursor);
        return query;
    }

    private static void putIfGiven(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }
}
