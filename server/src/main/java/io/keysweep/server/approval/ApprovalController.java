package io.keysweep.server.approval;

import io.keysweep.api.ApprovalView;
import io.keysweep.server.control.Interventions;
import io.keysweep.server.iam.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/approvals}: lists requests for scans above ceilings, and lets a second access key approve or
 * reject them. A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or
 * an instance.
 */
@RestController
@RequestMapping("/api/v1/approvals")
final class ApprovalController {

    private final Approvals approvals;
    private final Interventions interventions;

    ApprovalController(Approvals approvals, Interventions interventions) {
        this.approvals = approvals;
        this.interventions = interventions;
    }

    @GetMapping
    List<ApprovalView> list(@AuthenticationPrincipal Caller caller) {
        return approvals.list(caller);
    }

    @GetMapping("/{id}")
    ApprovalView get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return approvals.get(caller, id);
    }

    @PostMapping("/{id}/approve")
    ApprovalView approve(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body) {
        return approvals.approve(caller, id, interventions.of(caller, body));
    }

    @PostMapping("/{id}/reject")
    ApprovalView reject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body) {
        return approvals.reject(caller, id, interventions.of(caller, body));
    }
}
