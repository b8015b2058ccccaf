package io.keysweep.cli.service;

import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep scans list}. */
@Command(name = "list", description = "Lists the project's scans, newest first, one a line.")
final class ScansListCommand implements Callable<Integer> {

    /** As many as the service gives at a time. */
    private static final int PAGE = 200;

    @Option(names = "--instance", paramLabel = "ID", description = "only scans of this instance")
    private @Nullable String instanceId;

    @Option(names = "--status", paramLabel = "STATUS", description = "only waiting, running, success or failed ones")
    private @Nullable String status;

    @Option(names = "--type", paramLabel = "TYPE", description = "only manual or auto ones")
    private @Nullable String scanType;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "how many at the most, 1 to 10000. Default: 50")
    private int limit = 50;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write a JSON array")
    private boolean json;

    private final Shell shell;

    ScansListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || limit > 10_000) {
            throw new CommandFailure(ExitCode.USAGE, "--limit is '" + limit + "', must be from 1 to 10000");
        }
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            List<ScanView> scans = scans(client);
            if (json) {
                shell.out().println(JsonMapper.builder().build().writeValueAsString(scans));
            } else {
                scans.forEach(scan -> shell.out().println(line(scan)));
            }
        }
        return 0;
    }

    private List<ScanView> scans(ServiceClient client) throws InterruptedException {
        List<ScanView> scans = new ArrayList<>();
        String cursor = null;
        do {
            ScanPage page = client.scans(query(cursor, limit - scans.size()));
            scans.addAll(page.scans());
            cursor = page.nextCursor();
        } while (cursor != null && scans.size() < limit);
        return scans;
    }

    private Map<String, String> query(@Nullable String cursor, int left) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", String.valueOf(Math.min(left, PAGE)));
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

    static String line(ScanView scan) {
        return scan.id() + "  " + scan.createdAt() + "  " + scan.instanceId() + "  " + scan.scanType() + "  "
                + scan.status() + "  " + Amounts.percent(scan.fraction()) + ", " + Amounts.count(scan.reclaimed())
                + " reclaimed"
                + (scan.hold() == null ? "" : "  (on hold: " + scan.hold() + ")")
                + (scan.failure() == null ? "" : "  (" + scan.failure() + ")");
    }
}
