package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the first page of the console: the active scans, the instances and the latest scans.
 *
 * <p>The page consists of fragments, and the browser requests each fragment again every 1 to 3 seconds. Parts that the
 * caller may not see are empty.
 */
@Controller
@RequestMapping(ConsolePath.ROOT)
final class OverviewController {

    private static final int INSTANCES_PER_PAGE = 50;
    private static final int MAX_RECENT_SCANS = 10;
    /** The length of the longest name that an instance can have. */
    private static final int MAX_NAME_LENGTH = 64;

    private final TableRows rows;
    private final InstanceAccess instances;

    OverviewController(TableRows rows, InstanceAccess instances) {
        this.rows = rows;
        this.instances = instances;
    }

    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        active(caller, permissions, model);
        instances(caller, permissions, name, page, model);
        recent(caller, permissions, model);
        return "console/overview";
    }

    /** Returns the fragment with the scans that run or wait. */
    @GetMapping("/now")
    String active(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            Model model) {
        model.addAttribute("active", permissions.listScans() ? rows.active(caller) : List.of());
        return "console/overview :: now";
    }

    /**
     * Returns the fragment with a page of the instances, ordered by name.
     *
     * @param name a text that the names of the instances contain, in upper or lower case; empty for all
     * @param page the number of the page, 1 to 999999; any other text counts as 1
     */
    @GetMapping("/instances")
    String instances(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        String filter = name.strip().substring(0, Math.min(name.strip().length(), MAX_NAME_LENGTH));
        // At most 6 digits, so that the offset below cannot overflow.
        int number = page.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(page) : 1;
        // One row more than the page shows is read, to find out whether there is a next page.
        List<Instance> matching = permissions.listInstances()
                ? instances.page(caller, filter, (number - 1) * INSTANCES_PER_PAGE, INSTANCES_PER_PAGE + 1)
                : List.of();
        model.addAttribute("name", filter);
        model.addAttribute("page", number);
        model.addAttribute("hasMore", matching.size() > INSTANCES_PER_PAGE);
        model.addAttribute(
                "instances",
                rows.instances(matching.subList(0, Math.min(matching.size(), INSTANCES_PER_PAGE)), caller));
        return "console/overview :: instances";
    }

    @GetMapping("/recent")
    String recent(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            Model model) {
        model.addAttribute(
                "recent",
                permissions.listScans() ? rows.recent(caller, /* instanceId= */ null, MAX_RECENT_SCANS) : List.of());
        return "console/overview :: recent";
    }
}
