package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is going on: active scans, instances, and the latest scans. Each part asks for itself anew. */
@Controller
@RequestMapping(ConsolePath.ROOT)
final class OverviewController {

    private static final int INSTANCES = 50;
    private static final int RECENT = 10;
    private static final int LONGEST_NAME = 64;

    private final TableRows rows;
    private final InstanceStore instances;

    OverviewController(TableRows rows, InstanceStore instances) {
        this.rows = rows;
        this.instances = instances;
    }

    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("may") Permissions may,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        now(caller, may, model);
        instances(caller, may, name, page, model);
        recent(caller, may, model);
        return "console/overview";
    }

    @GetMapping("/now")
    String now(@AuthenticationPrincipal Caller caller, @ModelAttribute("may") Permissions may, Model model) {
        model.addAttribute("active", may.listScans() ? rows.active(caller.projectId()) : List.of());
        return "console/overview :: now";
    }

    @GetMapping("/instances")
    String instances(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("may") Permissions may,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        String part = name.strip().substring(0, Math.min(name.strip().length(), LONGEST_NAME));
        int number = page.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(page) : 1;
        // One more than is shown tells whether there are any more.
        List<Instance> found = may.listInstances()
                ? instances.list(caller.projectId(), part, (number - 1) * INSTANCES, INSTANCES + 1)
                : List.of();
        model.addAttribute("name", part);
        model.addAttribute("page", number);
        model.addAttribute("more", found.size() > INSTANCES);
        model.addAttribute("instances", rows.instances(found.subList(0, Math.min(found.size(), INSTANCES)), may));
        return "console/overview :: instances";
    }

    @GetMapping("/recent")
    String recent(@AuthenticationPrincipal Caller caller, @ModelAttribute("may") Permissions may, Model model) {
        model.addAttribute("recent", may.listScans() ? rows.recent(caller.projectId(), null, RECENT) : List.of());
        return "console/overview :: recent";
    }
}
