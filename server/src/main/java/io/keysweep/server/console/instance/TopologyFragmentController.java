package io.keysweep.server.console.instance;

import io.keysweep.api.SweepView;
import io.keysweep.engine.nodes.DeploymentReader;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.console.scan.ScanList;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Draws the nodes of an instance in its page: primaries, replicas, slots, and what is swept now.
 *
 * <p>The page requests this fragment after it is shown. The nodes are read on the thread of the request, which takes
 * seconds if some nodes do not answer.
 */
@Controller
final class TopologyFragmentController {

    private final InstanceAccess access;
    private final DeploymentReader reader;
    private final ScanList rows;

    TopologyFragmentController(InstanceAccess access, DeploymentReader reader, ScanList rows) {
        this.access = access;
        this.reader = reader;
        this.rows = rows;
    }

    /**
     * Reads the nodes of an instance, and returns the fragment that draws them.
     *
     * @param whole whether all nodes of a large cluster are drawn
     */
    @GetMapping(ConsolePath.ROOT + "/instances/{id}/topology")
    String topology(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String whole,
            Model model) {
        Instance instance = access.require(caller, id, Action.GET_INSTANCE);
        model.addAttribute("instance", instance);
        model.addAttribute(
                "drawing",
                TopologyDrawing.of(
                        instance.deployment(),
                        reader.read(instance.deployment()),
                        activeSweeps(caller, instance),
                        whole.equals("true")));
        return "console/topology :: topology";
    }

    /**
     * Returns the sweeps of the active scan, which is always the newest one; none if the caller is not allowed to see
     * scans.
     */
    private List<SweepView> activeSweeps(Caller caller, Instance instance) {
        if (!Permissions.on(caller, instance).listScans()) {
            return List.of();
        }
        return rows.recent(caller, instance.id(), 1).stream()
                .filter(row -> row.scan().finishedAt() == null)
                .flatMap(row -> row.scan().sweeps().stream())
                .toList();
    }
}
