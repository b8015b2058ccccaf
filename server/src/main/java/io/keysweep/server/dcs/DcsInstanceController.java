package io.keysweep.server.dcs;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.Instances;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** Serves the DCS operations ListInstances, with filters and pages, and ShowInstance. */
@RestController
@RequestMapping("/v2/{projectId}/instances")
final class DcsInstanceController {

    /** All states of a DCS instance, which clients can filter by; Keysweep's instances are only RUNNING or ERROR. */
    private static final Set<String> STATUSES = Set.of(
            "CREATING",
            "CREATEFAILED",
            "RUNNING",
            "ERROR",
            "RESTARTING",
            "FROZEN",
            "EXTENDING",
            "RESTORING",
            "FLUSHING");

    private final DcsAccess access;
    private final InstanceStore store;
    private final Instances instances;

    DcsInstanceController(DcsAccess access, InstanceStore store, Instances instances) {
        this.access = access;
        this.store = store;
        this.instances = instances;
    }

    /**
     * Lists one page of instances.
     *
     * @param instanceNum number of all instances that match the filters, on all pages
     * @param instances instances of this page
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record ListBody(int instanceNum, List<InstanceBody.Listed> instances) {}

    @GetMapping
    ListBody list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam(required = false) @Nullable String offset,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(name = "instance_id", required = false) @Nullable String instanceId,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(name = "name_equal", required = false) @Nullable String nameEqual,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String ip) {
        access.requireProject(caller, projectId, Action.LIST_INSTANCES);
        PageRange page = PageRange.of(offset, limit);
        if (status != null && !STATUSES.contains(status)) {
            throw RequestRefusedException.parameter("status", status, "a status such as RUNNING or ERROR");
        }
        if (nameEqual != null && !Set.of("true", "false").contains(nameEqual)) {
            throw RequestRefusedException.parameter("name_equal", nameEqual, "true or false");
        }
        boolean exactName = "true".equals(nameEqual);
        List<InstanceBody.Listed> found = store.list(caller.projectId()).stream()
                .filter(instance ->
                        instanceId == null || instance.id().toString().equalsIgnoreCase(instanceId))
                .filter(instance -> name == null || hasName(instance, name, exactName))
                .map(InstanceBody::listed)
                .filter(body -> status == null || body.status().equals(status))
                .filter(body -> ip == null || body.ip().contains(ip))
                .toList();
        return new ListBody(
                found.size(),
                found.stream().skip(page.offset()).limit(page.limit()).toList());
    }

    @GetMapping("/{instanceId}")
    InstanceBody.Shown show(
            @AuthenticationPrincipal Caller caller, @PathVariable String projectId, @PathVariable String instanceId) {
        return InstanceBody.shown(
                instances.refresh(access.requireInstance(caller, projectId, instanceId, Action.GET_INSTANCE)));
    }

    /** Returns whether the name of an instance is, or contains in any case, the requested name. */
    private static boolean hasName(Instance instance, String name, boolean exact) {
        return exact
                ? instance.name().equals(name)
                : instance.name().toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
    }
}
