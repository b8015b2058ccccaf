package io.keysweep.server.dcs;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanState;
import io.keysweep.server.scan.ScanStore;
import io.keysweep.server.scan.ScanTotals;
import io.keysweep.server.scan.Scans;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Serves the DCS operations CreateAutoExpireScanTask, ScanExpireKey (its older form) and ShowExpireKeyScanInfo.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers. DCS calls a scan a task.
 */
@RestController
@RequestMapping("/v2/{projectId}/instances/{instanceId}")
final class ScanTaskController {

    private final DcsAccess access;
    private final Scans scans;
    private final ScanStore store;

    ScanTaskController(DcsAccess access, Scans scans, ScanStore store) {
        this.access = access;
        this.scans = scans;
        this.store = store;
    }

    /** Describes a task that was just created. Times that are not known yet are null, and the JSON leaves them out. */
    @JsonNaming(SnakeCaseStrategy.class)
    record TaskBody(
            String id,
            String instanceId,
            String status,
            String scanType,
            @Nullable String createdAt,
            @Nullable String startedAt,
            @Nullable String finishedAt) {}

    /** Describes a task of the history; {@code num} is the number of expired keys that the task has removed. */
    @JsonNaming(SnakeCaseStrategy.class)
    record RecordBody(
            String id,
            String instanceId,
            String status,
            String scanType,
            int num,
            @Nullable String createdAt,
            @Nullable String startedAt,
            @Nullable String finishedAt) {}

    /**
     * Reports one page of the tasks of an instance. The names {@code total} and {@code count} come from DCS.
     *
     * @param instanceId id of the instance
     * @param total number of expired keys that all matching tasks have removed, on all pages
     * @param count number of all matching tasks, on all pages
     * @param records tasks of this page, the newest first
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record RecordsBody(String instanceId, int total, int count, List<RecordBody> records) {}

    /**
     * Creates a scan of the instance, after a check that its server can be swept; does not wait for the scan. The
     * second path is the path of the older operation ScanExpireKey.
     */
    @PostMapping({"/scan-expire-keys-task", "/auto-expire/scan"})
    TaskBody create(
            @AuthenticationPrincipal Caller caller, @PathVariable String projectId, @PathVariable String instanceId) {
        Instance instance = access.requireInstance(caller, projectId, instanceId, Action.ANALYZE_EXPIRED_KEY);
        Scan scan = scans.createManual(instance, caller.accessKey());
        return new TaskBody(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                scan.type().wireName(),
                DcsTime.text(scan.createdAt()),
                DcsTime.text(scan.startedAt()),
                DcsTime.text(scan.finishedAt()));
    }

    /**
     * Returns a page of the tasks of an instance, the newest first.
     *
     * @param offset number of tasks to skip; null for 0
     * @param limit maximum number of tasks on the page; null for the default of {@link PageRange}
     * @param status only tasks in this state, such as {@code success}; null for all
     */
    @GetMapping("/auto-expire/histories")
    RecordsBody histories(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String instanceId,
            @RequestParam(required = false) @Nullable String offset,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String status) {
        Instance instance = access.requireInstance(caller, projectId, instanceId, Action.LIST_SCANS);
        PageRange page = PageRange.of(offset, limit);
        ScanState state = status == null ? null : parseState(status);
        ScanTotals totals = store.totals(instance.id(), state);
        return new RecordsBody(
                instance.id().toString(),
                int32(totals.reclaimed()),
                int32(totals.count()),
                store.list(instance.id(), state, page.offset(), page.limit()).stream()
                        .map(ScanTaskController::body)
                        .toList());
    }

    private static ScanState parseState(String status) {
        return ScanState.ofWireName(status)
                .orElseThrow(() ->
                        RequestRefusedException.parameter("status", status, "waiting, running, success or failed"));
    }

    private static RecordBody body(Scan scan) {
        return new RecordBody(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                scan.type().wireName(),
                int32(scan.reclaimed()),
                DcsTime.text(scan.createdAt()),
                DcsTime.text(scan.startedAt()),
                DcsTime.text(scan.finishedAt()));
    }

    /** Limits a number to 32 bits, the size of integers in the SDKs. The Go SDK would silently wrap a larger number. */
    private static int int32(long number) {
        return (int) Math.min(number, Integer.MAX_VALUE);
    }
}
