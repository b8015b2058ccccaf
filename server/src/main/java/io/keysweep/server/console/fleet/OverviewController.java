package io.keysweep.server.console.fleet;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.console.scan.ScanList;
import io.keysweep.server.iam.Caller;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the first page of the console: the whole fleet in tiles, the active scans, the instances and the latest scans.
 *
 * <p>The page consists of fragments, and the browser requests each fragment again every 1 to 10 seconds. Parts that the
 * caller is not allowed to see are empty.
 */
@Controller
@RequestMapping(ConsolePath.ROOT)
final class OverviewController {

    private static final int MAX_RECENT_SCANS = 10;

    /** Number of tags, and of versions, that the filter offers; others can only be written in the URL. */
    private static final int MAX_CHOICES = 200;

    private final ScanList scans;
    private final OverviewRows rows;

    OverviewController(ScanList scans, OverviewRows rows) {
        this.scans = scans;
        this.rows = rows;
    }

    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            @RequestParam Map<String, String> parameters,
            Model model) {
        active(caller, permissions, model);
        List<FleetRow> fleet = addFleet(caller, permissions, parameters, model);
        model.addAttribute(
                "tags",
                fleet.stream()
                        .flatMap(row -> row.tags().values().entrySet().stream())
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.toCollection(TreeSet::new))
                        .stream()
                        .limit(MAX_CHOICES)
                        .toList());
        model.addAttribute(
                "versions",
                fleet.stream()
                        .map(FleetRow::server)
                        .filter(server -> !server.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new))
                        .stream()
                        .limit(MAX_CHOICES)
                        .toList());
        recent(caller, permissions, model);
        return "console/overview";
    }

    /** Returns the fragment with the scans that run or wait. */
    @GetMapping("/now")
    String active(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            Model model) {
        ScanList.NewestActive active = permissions.listScans() ? scans.active(caller) : ScanList.NewestActive.NONE;
        model.addAttribute("active", active.rows());
        model.addAttribute("hasMoreActive", active.hasMore());
        return "console/overview :: now";
    }

    /** Returns the fragment with the tiles and a page of the instances. */
    @GetMapping("/instances")
    String instances(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            @RequestParam Map<String, String> parameters,
            Model model) {
        model.addAttribute("partial", true);
        addFleet(caller, permissions, parameters, model);
        return "console/overview :: fleet";
    }

    /** Fills the model with tiles and a page of instances, and returns all instances. */
    private List<FleetRow> addFleet(
            Caller caller, Permissions permissions, Map<String, String> parameters, Model model) {
        FleetFilter requestedFilter = FleetFilter.of(parameters);
        List<FleetRow> allRows = permissions.listInstances() ? rows.fleet(caller) : List.of();
        List<FleetRow> selectedRows = requestedFilter.select(allRows);
        FleetFilter filter = requestedFilter.withinPages(selectedRows.size());
        List<FleetRow> shownRows = filter.page(selectedRows);
        int first = (filter.page() - 1) * FleetFilter.ROWS_PER_PAGE;
        model.addAttribute("filter", filter);
        model.addAttribute("tiles", FleetTiles.of(allRows));
        model.addAttribute("found", selectedRows.size());
        model.addAttribute("first", shownRows.isEmpty() ? 0 : first + 1);
        model.addAttribute("last", first + shownRows.size());
        model.addAttribute("hasMore", first + shownRows.size() < selectedRows.size());
        model.addAttribute("instances", rows.tableRows(shownRows, caller));
        return allRows;
    }

    /** Returns the fragment with the latest scans in any state. */
    @GetMapping("/recent")
    String recent(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            Model model) {
        model.addAttribute(
                "recent",
                permissions.listScans() ? scans.recent(caller, /* instanceId= */ null, MAX_RECENT_SCANS) : List.of());
        return "console/overview :: recent";
    }
}
