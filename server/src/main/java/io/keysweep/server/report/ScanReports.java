package io.keysweep.server.report;

import io.keysweep.api.BuildVersion;
import io.keysweep.api.InstanceView;
import io.keysweep.api.report.CanonicalJson;
import io.keysweep.api.report.ReportSignature;
import io.keysweep.api.report.ScanReport;
import io.keysweep.api.report.SignedReport;
import io.keysweep.api.signature.Ed25519;
import io.keysweep.server.audit.AuditSigner;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.InstanceViews;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanViews;
import io.keysweep.server.scan.ScannedInstances;
import io.keysweep.server.timeline.TimelineReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the report of a scan that has ended, with its settings, its timeline and its counts.
 *
 * <p>The report is signed with the key of the audit log. Reports are not stored: each is made and signed when a client
 * reads it. Thread-safe.
 */
@Component
public class ScanReports {

    private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

    private final ScannedInstances scannedInstances;
    private final ScanViews views;
    private final TimelineReader timelines;
    private final InstanceStore instances;
    private final InstanceViews instanceViews;
    private final AuditSigner signer;
    private final JsonMapper json;
    private final InstantSource clock;

    ScanReports(
            ScannedInstances scannedInstances,
            ScanViews views,
            TimelineReader timelines,
            InstanceStore instances,
            InstanceViews instanceViews,
            AuditSigner signer,
            JsonMapper json,
            InstantSource clock) {
        this.scannedInstances = scannedInstances;
        this.views = views;
        this.timelines = timelines;
        this.instances = instances;
        this.instanceViews = instanceViews;
        this.signer = signer;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Makes the report of a scan.
     *
     * @param scan a scan that the caller may see
     * @throws RequestRefusedException if the scan still waits or runs, because its counts could change, or if its
     *     instance was removed in the meantime
     */
    public SignedReport of(Scan scan) {
        if (scan.state().active()) {
            throw RequestRefusedException.of(
                    ErrorCode.SCAN_NOT_ENDED,
                    Phrase.of(
                            "The report is made when the scan has ended; it is still {0}.",
                            scan.state().wireName()));
        }
        InstanceView instance = instanceViews.of(instances
                .find(scan.instanceId())
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_SCAN)));
        // The report shows the name and address that the instance had when the scan was created, because both may have
        // changed since.
        ScanReport report = new ScanReport(
                "keysweep " + BuildVersion.current(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                scannedInstances
                        .find(scan.id())
                        .map(scanned -> scanned.viewAtCreation(instance))
                        .orElse(instance),
                views.of(scan),
                timelines.of(scan.id()));
        byte[] canonical = CanonicalJson.of(json.writeValueAsString(report));
        return new SignedReport(
                report, new ReportSignature(Ed25519.ALGORITHM, signer.publicKeyText(), signer.sign(canonical)));
    }

    /**
     * Returns the report of a scan as a file, whose name contains the id of the scan.
     *
     * @param scan a scan that the caller may see
     * @param asCsv true for the counts by primary and database as CSV; false for the signed report as JSON
     * @throws RequestRefusedException under the conditions of {@link #of}
     */
    public ResponseEntity<byte[]> file(Scan scan, boolean asCsv) {
        SignedReport report = of(scan);
        ContentDisposition name = ContentDisposition.attachment()
                .filename("scan-" + scan.id() + (asCsv ? ".csv" : ".json"))
                .build();
        return ResponseEntity.ok()
                .contentType(asCsv ? CSV : MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
                .body(
                        asCsv
                                ? ReportCsv.of(report.report()).getBytes(StandardCharsets.UTF_8)
                                : json.writeValueAsBytes(report));
    }
}
