package io.keysweep.server.console.scan;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Serves the page with all scans that the caller may see, the newest first; it filters by state, type and instance. */
@Controller
final class ScansPageController {

    private static final String PATH = ConsolePath.ROOT + "/scans";

    private final ScanList rows;
    private final InstanceAccess instances;

    ScansPageController(ScanList rows, InstanceAccess instances) {
        this.rows = rows;
        this.instances = instances;
    }

    /**
     * Shows a page of the scans.
     *
     * @param parameters the parameters of {@code GET /api/v1/scans}, and {@code instance}, the name of an instance; an
     *     empty name selects all scans
     * @throws io.keysweep.server.error.RequestRefusedException if a parameter is unknown or not valid
     */
    @GetMapping(PATH)
    String page(@AuthenticationPrincipal Caller caller, @RequestParam Map<String, String> parameters, Model model) {
        caller.requireActionSomewhere(Action.LIST_SCANS);
        MultiValueMap<String, String> filters = new LinkedMultiValueMap<>();
        parameters.forEach((name, value) -> {
            if (!value.isBlank()) {
                filters.add(name, value.strip());
            }
        });
        String name = filters.getFirst("instance");
        Optional<String> instanceId = name == null ? Optional.empty() : idOf(caller, name);
        filters.remove("instance");
        instanceId.ifPresent(id -> filters.set("instanceId", id));
        boolean isUnknown = name != null && instanceId.isEmpty();
        ScanList.ScanRowPage scanPage =
                isUnknown ? new ScanList.ScanRowPage(List.of(), /* nextCursor= */ null) : rows.scans(caller, filters);
        model.addAttribute("unknownInstance", isUnknown);
        model.addAttribute("rows", scanPage.rows());
        model.addAttribute("nextCursor", scanPage.nextCursor());
        model.addAttribute("chosen", parameters);
        String shownId = filters.getFirst("instanceId");
        model.addAttribute(
                "instanceName",
                name == null && shownId != null
                        ? instances.require(caller, shownId, Action.LIST_SCANS).name()
                        : name);
        return "console/all-scans";
    }

    /**
     * Returns the id of the instance with a name; empty if there is no such instance whose scans the caller may see.
     */
    private Optional<String> idOf(Caller caller, String name) {
        return instances.list(caller, Action.LIST_SCANS).stream()
                .filter(instance -> instance.name().equals(name))
                .map(instance -> instance.id().toString())
                .findFirst();
    }
}
