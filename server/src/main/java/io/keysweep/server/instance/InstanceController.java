package io.keysweep.server.instance;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/instances}: the caller's project's instances. */
@RestController
@RequestMapping("/api/v1/instances")
final class InstanceController {

    private final Instances instances;
    private final InstanceStore store;
    private final InstanceRemoval removal;

    InstanceController(Instances instances, InstanceStore store, InstanceRemoval removal) {
        this.instances = instances;
        this.store = store;
        this.removal = removal;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    InstanceView register(@AuthenticationPrincipal Caller caller, @RequestBody InstanceRegistration body) {
        caller.require(Action.MANAGE_INSTANCES);
        return view(instances.register(caller.projectId(), body));
    }

    @GetMapping
    List<InstanceView> list(@AuthenticationPrincipal Caller caller) {
        caller.require(Action.LIST_INSTANCES);
        return store.list(caller.projectId()).stream()
                .map(InstanceController::view)
                .toList();
    }

    @GetMapping("/{id}")
    InstanceView get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        caller.require(Action.GET_INSTANCE);
        return view(instances.look(find(caller, id)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        caller.require(Action.MANAGE_INSTANCES);
        removal.remove(find(caller, id));
    }

    private Instance find(Caller caller, String id) {
        return InstanceId.parse(id)
                .flatMap(uuid -> store.find(caller.projectId(), uuid))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
    }

    private static InstanceView view(Instance instance) {
        Observation seen = instance.observation();
        return new InstanceView(
                instance.id().toString(),
                instance.projectId(),
                instance.name(),
                instance.uri(),
                seen == null ? null : seen.flavour(),
                seen == null ? null : seen.version(),
                seen == null ? null : seen.problem(),
                instance.createdAt());
    }
}
