package io.keysweep.server.dcs;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.Instances;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Serves the DCS operations ListInstances, with filters and pages, ShowInstance and ShowTags.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
@RestController
@RequestMapping("/v2/{projectId}/instances")
final class DcsInstanceController {

    private final DcsAccess access;
    private final Instances instances;

    DcsInstanceController(DcsAccess access, Instances instances) {
        this.access = access;
        this.instances = instances;
    }

    /**
     * Reports one page of instances.
     *
     * @param instanceNum number of all instances that match the filters, on all pages
     * @param instances instances of this page, ordered by name
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record ListBody(int instanceNum, List<InstanceBody.InstanceItem> instances) {}

    /**
     * Returns a page of the project's instances, with the results of their last inspections. Connects to no server.
     *
     * @param query the filters and the page, see {@link InstanceQuery}
     */
    @GetMapping
    ListBody list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam MultiValueMap<String, String> query) {
        List<Instance> allowedInstances = access.list(caller, projectId, Action.LIST_INSTANCES);
        InstanceQuery instanceQuery = InstanceQuery.of(query);
        // The filters compare values as the response shows them, such as the status, so SQL cannot apply them.
        List<InstanceBody.InstanceItem> items = allowedInstances.stream()
                .map(InstanceBody::item)
                .filter(instanceQuery.filter())
                .toList();
        return new ListBody(
                items.size(),
                items.stream()
                        .skip(instanceQuery.page().offset())
                        .limit(instanceQuery.page().limit())
                        .toList());
    }

    /** Refuses the paths of other DCS operations, which the pattern of ShowInstance would take for instance ids. */
    @SuppressWarnings("DoNotCallSuggester") // Spring calls it.
    @RequestMapping({"/action", "/export", "/export-job", "/statistic", "/status"})
    void otherOperation(HttpServletRequest request) {
        throw RequestRefusedException.of(
                ErrorCode.UNKNOWN_URL,
                "Keysweep does not serve this operation of DCS: " + request.getRequestURI() + ".");
    }

    /**
     * Inspects the servers of an instance and returns it with the result. A server that cannot be swept is reported as
     * the status ERROR, not as an error response.
     */
    @GetMapping("/{instanceId}")
    InstanceBody.InstanceDetails show(
            @AuthenticationPrincipal Caller caller, @PathVariable String projectId, @PathVariable String instanceId) {
        return InstanceBody.details(
                instances.refresh(access.requireInstance(caller, projectId, instanceId, Action.GET_INSTANCE)));
    }

    /** Reports the tags of one instance. */
    record TagsBody(List<InstanceBody.Tag> tags) {}

    /** Returns the tags of an instance, ordered by key. Connects to no server. */
    @GetMapping("/{instanceId}/tags")
    TagsBody tags(
            @AuthenticationPrincipal Caller caller, @PathVariable String projectId, @PathVariable String instanceId) {
        return new TagsBody(
                InstanceBody.tags(access.requireInstance(caller, projectId, instanceId, Action.GET_INSTANCE)));
    }
}
