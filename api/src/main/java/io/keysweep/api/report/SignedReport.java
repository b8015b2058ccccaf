package io.keysweep.api.report;

/**
 * Holds the report of a scan with its signature; {@code GET /api/v1/scans/{id}/report} returns it.
 *
 * @param report the report
 * @param signature signature of the report's canonical JSON
 */
public record SignedReport(ScanReport report, ReportSignature signature) {}
