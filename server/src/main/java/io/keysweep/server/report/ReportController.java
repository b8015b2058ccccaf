package io.keysweep.server.report;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.scan.ScanAccess;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@code GET /api/v1/scans/{id}/report}, the signed report of a scan that has ended. */
@RestController
final class ReportController {

    private final ScanAccess access;
    private final ScanReports reports;

    ReportController(ScanAccess access, ScanReports reports) {
        this.access = access;
        this.reports = reports;
    }

    /**
     * Returns the report of a scan as a file.
     *
     * @param format {@code json} for the whole report with its signature, or {@code csv} for the counts by primary and
     *     database, which are not signed
     */
    @GetMapping("/api/v1/scans/{id}/report")
    ResponseEntity<byte[]> report(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "json") String format) {
        if (!format.equals("csv") && !format.equals("json")) {
            throw RequestRefusedException.parameter("format", format, "json or csv");
        }
        return reports.file(access.scan(caller, id, Action.LIST_SCANS), format.equals("csv"));
    }
}
