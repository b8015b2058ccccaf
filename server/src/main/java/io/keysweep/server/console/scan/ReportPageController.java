package io.keysweep.server.console.scan;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.report.ScanReports;
import io.keysweep.server.scan.ScanAccess;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** Serves the report of a scan that has ended: as a page to print, and as files to download. */
@Controller
@RequestMapping(ConsolePath.ROOT + "/scans/{id}")
final class ReportPageController {

    private final ScanAccess access;
    private final ScanReports reports;

    ReportPageController(ScanAccess access, ScanReports reports) {
        this.access = access;
        this.reports = reports;
    }

    /** Shows the page to print. */
    @GetMapping("/report")
    String page(@AuthenticationPrincipal Caller caller, @PathVariable String id, Model model) {
        model.addAttribute("signed", reports.of(access.scan(caller, id, Action.LIST_SCANS)));
        return "console/report";
    }

    /** Returns the signed report, which {@code keysweep report verify} checks. */
    @GetMapping("/report.json")
    ResponseEntity<byte[]> json(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return reports.file(access.scan(caller, id, Action.LIST_SCANS), /* asCsv= */ false);
    }

    /** Returns the counts by primary and database, as a CSV file. */
    @GetMapping("/report.csv")
    ResponseEntity<byte[]> csv(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return reports.file(access.scan(caller, id, Action.LIST_SCANS), /* asCsv= */ true);
    }
}
