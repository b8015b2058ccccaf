package io.keysweep.cli.service;

import io.keysweep.api.ApprovalView;
import io.keysweep.api.HoldView;
import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.api.TimelineView;
import io.keysweep.api.WorkerView;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.text.ForeignText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends the requests of the native API ({@code /api/v1}) for scans, approvals, holds and workers.
 *
 * <p>A scan removes the expired keys of a registered server. A project hold holds all scans of a project, and the
 * global hold all scans of the service. Workers are processes of the service that run scans. Each method waits for the
 * answer and returns it. Errors are reported as {@link ServiceClient} describes.
 */
final class ScanCalls {

    private static final String SCANS = "/api/v1/scans";
    private static final String APPROVALS = "/api/v1/approvals";

    private final ServiceClient client;

    ScanCalls(ServiceClient client) {
        this.client = client;
    }

    /**
     * Creates a scan of an instance.
     *
     * @param options JSON fields for the pace (see {@code PaceChangeOptions}) and {@code timeoutSeconds}; missing
     *     fields get the service's settings
     * @throws CommandFailure if the scan exceeds a ceiling (a value of the pace that no scan may exceed without
     *     approval) and needs approval; the message names the ceiling
     */
    CreatedScan create(String instanceId, Map<String, @Nullable Object> options) throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>(options);
        body.put("instanceId", instanceId);
        JsonNode answer = client.call("POST", SCANS, body, JsonNode.class);
        // Only a request for approval has the field expiresAt. A created scan has a status instead.
        if (answer.has("expiresAt")) {
            String id = answer.path("id").asString("");
            throw new CommandFailure(
                    ExitCode.DENIED,
                    "the scan waits for approval until "
                            + answer.path("expiresAt").asString("") + ": "
                            + OptionNames.inPlaceOfFields(
                                    ForeignText.line(answer.path("above").asString("")))
                            + " Another access key approves it with 'keysweep"
                            + " approvals approve " + id + "'");
        }
        String id = answer.path("id").asString("");
        if (id.isBlank()) {
            // A proxy has answered. Without this check, the command would end as if it had created a scan.
            throw new CommandFailure(ExitCode.UNREACHABLE, client.notFromKeysweep());
        }
        return new CreatedScan(id, answer.path("status").asString(""));
    }

    /**
     * Returns the requests for scans above ceilings (values of the pace that no scan may exceed without approval), the
     * newest first.
     */
    List<ApprovalView> approvals() throws InterruptedException {
        return List.of(client.get(APPROVALS, ApprovalView[].class));
    }

    /**
     * Approves or rejects a request for a scan above ceilings.
     *
     * @param verb {@code approve} or {@code reject}
     * @param reason reason that the user gave, or null
     */
    ApprovalView decide(String approvalId, String verb, @Nullable String reason) throws InterruptedException {
        return client.call(
                "POST",
                APPROVALS + "/" + ServiceClient.segment(approvalId) + "/" + verb,
                reasonBody(reason),
                ApprovalView.class);
    }

    /**
     * Returns one page of scans, the newest first.
     *
     * @param query parameters of the URL by name, for example {@code status} and {@code cursor}
     */
    ScanPage page(Map<String, String> query) throws InterruptedException {
        String parameters = query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + ServiceClient.segment(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return client.get(SCANS + "?" + parameters, ScanPage.class);
    }

    /** Returns the timeline of a scan: events with their originator, reason and time. */
    TimelineView timeline(String scanId) throws InterruptedException {
        return client.get(path(scanId) + "/timeline", TimelineView.class);
    }

    /**
     * Returns the report of a scan that has ended, as the service sends it.
     *
     * @param format {@code json} or {@code csv}
     */
    String report(String scanId, String format) throws InterruptedException {
        return client.text("GET", path(scanId) + "/report?format=" + format);
    }

    /**
     * Controls a scan, and returns its state after the request.
     *
     * @param verb {@code pause}, {@code resume} or {@code cancel}
     * @param reason reason that the user gave, or null
     */
    ScanView control(String scanId, String verb, @Nullable String reason) throws InterruptedException {
        return client.call("POST", path(scanId) + "/" + verb, reasonBody(reason), ScanView.class);
    }

    /**
     * Changes the pace of a scan.
     *
     * @param pace JSON fields with new values, see {@code PaceChangeOptions}
     * @param reason reason that the user gave, or null
     */
    ScanView tune(String scanId, Map<String, @Nullable Object> pace, @Nullable String reason)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>(pace);
        body.putAll(reasonBody(reason));
        return client.call("PATCH", path(scanId), body, ScanView.class);
    }

    /**
     * Holds the scans of one project, or of the whole service if {@code projectId} is null. Replaces an earlier hold.
     */
    HoldView hold(@Nullable String projectId, @Nullable String reason) throws InterruptedException {
        return client.call("PUT", holdPath(projectId), reasonBody(reason), HoldView.class);
    }

    /** Ends the hold of one project, or of the whole service if {@code projectId} is null. */
    void release(@Nullable String projectId) throws InterruptedException {
        client.delete(holdPath(projectId));
    }

    List<HoldView> holds() throws InterruptedException {
        return List.of(client.get("/api/v1/holds", HoldView[].class));
    }

    List<WorkerView> workers() throws InterruptedException {
        return List.of(client.get("/api/v1/workers", WorkerView[].class));
    }

    private static String path(String scanId) {
        return SCANS + "/" + ServiceClient.segment(scanId);
    }

    private static String holdPath(@Nullable String projectId) {
        return projectId == null ? "/api/v1/hold" : "/api/v1/projects/" + ServiceClient.segment(projectId) + "/hold";
    }

    private static Map<String, String> reasonBody(@Nullable String reason) {
        return reason == null ? Map.of() : Map.of("reason", reason);
    }
}
