package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.api.WorkerView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the calls of the native API for scans, and for the holds and workers that they depend on. */
final class ScanCalls {

    private static final String SCANS = "/api/v1/scans";

    private final ServiceClient client;

    ScanCalls(ServiceClient client) {
        this.client = client;
    }

    /** Creates a scan with a pace, a timeout or both. */
    CreatedScan create(String instanceId, Map<String, @Nullable Object> options) throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>(options);
        body.put("instanceId", instanceId);
        return client.call("POST", SCANS, body, CreatedScan.class);
    }

    /** Returns one page of scans; {@code query} holds the parameters of the URL. */
    ScanPage page(Map<String, String> query) throws InterruptedException {
        String parameters = query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + ServiceClient.segment(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return client.call("GET", SCANS + "?" + parameters, null, ScanPage.class);
    }

    /** Controls a scan; {@code verb} is {@code pause}, {@code resume} or {@code cancel}. */
    ScanView control(String scanId, String verb, @Nullable String reason) throws InterruptedException {
        return client.call("POST", path(scanId) + "/" + verb, reasonBody(reason), ScanView.class);
    }

    /** Changes the pace of a scan, see {@code PaceChangeOptions} for the fields. */
    ScanView tune(String scanId, Map<String, @Nullable Object> pace, @Nullable String reason)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>(pace);
        body.putAll(reasonBody(reason));
        return client.call("PATCH", path(scanId), body, ScanView.class);
    }

    /** Holds the scans of one project, or of the whole service if {@code projectId} is null. */
    HoldView hold(@Nullable String projectId, @Nullable String reason) throws InterruptedException {
        return client.call("PUT", holdPath(projectId), reasonBody(reason), HoldView.class);
    }

    /** Ends the hold of one project, or of the whole service if {@code projectId} is null. */
    void release(@Nullable String projectId) throws InterruptedException {
        client.delete(holdPath(projectId));
    }

    List<HoldView> holds() throws InterruptedException {
        return List.of(client.call("GET", "/api/v1/holds", null, HoldView[].class));
    }

    List<WorkerView> workers() throws InterruptedException {
        return List.of(client.call("GET", "/api/v1/workers", null, WorkerView[].class));
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
