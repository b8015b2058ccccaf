package io.keysweep.server.console.scan;

import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.api.TimelineView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.ListPage;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanAccess;
import io.keysweep.server.scan.ScanViews;
import io.keysweep.server.sweep.HoldHistory;
import io.keysweep.server.sweep.SampleHistory;
import io.keysweep.server.timeline.TimelineReader;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the page of a scan. A scan is a task that removes the expired keys of an instance.
 *
 * <p>While the scan is active, the browser requests its progress every second. The page has a phase, which decides
 * which actions it offers: {@code active} (the scan waits or runs), {@code paused} (a user has paused this scan) or
 * {@code ended}.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/scans/{id}")
final class ScanPageController {

    /** Maximum number of events that the page shows. It shows the latest events; the page of the timeline shows all. */
    private static final int MAX_EVENTS = 25;

    /** Number of events on a page of the timeline. The text of an event can have 2,000 characters. */
    private static final int EVENTS_PER_PAGE = 50;

    /** Number of nodes that the page of a scan shows. The browser requests these rows every second. */
    private static final int NODES_PER_PAGE = 30;

    private final ScanAccess access;
    private final ScanViews views;
    private final ScanSpeeds speeds;
    private final HoldHistory holds;
    private final TimelineReader timelines;
    private final InstanceAccess instances;
    private final SampleHistory samples;

    ScanPageController(
            ScanAccess access,
            ScanViews views,
            ScanSpeeds speeds,
            HoldHistory holds,
            TimelineReader timelines,
            InstanceAccess instances,
            SampleHistory samples) {
        this.access = access;
        this.views = views;
        this.speeds = speeds;
        this.holds = holds;
        this.timelines = timelines;
        this.instances = instances;
        this.samples = samples;
    }

    /**
     * Shows the page. {@link ScanActionController} also calls this method, to show a refused form again.
     *
     * @param nodes number of the page of nodes, from 1
     */
    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "1") String nodes,
            Model model) {
        fillModel(caller, id, nodes, model);
        return "console/scan";
    }

    /**
     * Returns the fragment with the progress.
     *
     * <p>If the scan is no longer in the phase that the page shows, the response triggers the event {@code phase} in
     * the browser. The page then requests the actions again. They are not in this fragment, because a form that a user
     * fills in must not be replaced every second.
     *
     * @param phase phase that the page shows
     * @param nodes number of the page of nodes that the page shows
     */
    @GetMapping("/live")
    String live(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String phase,
            @RequestParam(defaultValue = "1") String nodes,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("partial", true);
        if (!fillModel(caller, id, nodes, model).equals(phase)) {
            response.setHeader("HX-Trigger", "phase");
        }
        return "console/scan :: live";
    }

    /** Returns the fragment with the actions that are possible in the current phase, such as pause. */
    @GetMapping("/actions")
    String actions(@AuthenticationPrincipal Caller caller, @PathVariable String id, Model model) {
        fillModel(caller, id, /* nodes= */ "1", model);
        return "console/scan :: actions";
    }

    /**
     * Shows a page of all events of the scan, the latest first.
     *
     * @param page number of the page, from 1
     */
    @GetMapping("/timeline")
    String timeline(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        Scan scan = access.scan(caller, id, Action.LIST_SCANS);
        model.addAttribute("scanId", scan.id());
        model.addAttribute(
                "name",
                instances.require(caller, scan.instanceId(), Action.LIST_SCANS).name());
        TimelineView events = timelines.of(scan.id());
        model.addAttribute("events", ListPage.of(events.events().reversed(), page, EVENTS_PER_PAGE));
        model.addAttribute("omitted", events.omitted());
        return "console/timeline";
    }

    /**
     * Fills the model for the page and all its fragments, and returns the phase of the scan.
     *
     * @param nodes number of the page of nodes
     * @throws io.keysweep.server.error.RequestRefusedException if the caller is not allowed to list scans, or if the
     *     project has no such scan
     */
    private String fillModel(Caller caller, String id, String nodes, Model model) {
        Scan scan = access.scan(caller, id, Action.LIST_SCANS);
        Instance instance = instances.require(caller, scan.instanceId(), Action.LIST_SCANS);
        model.addAttribute("permissions", Permissions.on(caller, instance));
        ScanView view = views.of(scan);
        boolean active = scan.state().active();
        String phase = phase(view, active);
        model.addAttribute("charts", true);
        model.addAttribute("scan", view);
        Long keysPerSecond = speeds.record(view);
        model.addAttribute("keysPerSecond", keysPerSecond);
        model.addAttribute(
                "paceReason",
                PaceReason.of(view, active ? samples.latest(scan.id()) : List.of(), keysPerSecond)
                        .orElse(null));
        model.addAttribute("name", instance.name());
        model.addAttribute("holds", holds.of(scan.id()));
        model.addAttribute("nodePage", ListPage.of(ordered(view.sweeps()), nodes, NODES_PER_PAGE));
        model.addAttribute("timeline", timelines.latest(scan.id(), MAX_EVENTS));
        model.addAttribute("maxEvents", MAX_EVENTS);
        model.addAttribute("active", active);
        model.addAttribute("phase", phase);
        return phase;
    }

    /**
     * Returns the sweeps in the order in which the page shows them. If they need more than one page, the order is: the
     * failed, the held, the running, the waiting and the complete sweeps.
     */
    private static List<SweepView> ordered(List<SweepView> sweeps) {
        return sweeps.size() <= NODES_PER_PAGE
                ? sweeps
                : sweeps.stream()
                        .sorted(Comparator.comparingInt(ScanPageController::rank))
                        .toList();
    }

    /** Returns the place of a sweep in that order, from 0 for a failed sweep to 4 for a complete one. */
    private static int rank(SweepView sweep) {
        if (sweep.finished()) {
            return sweep.failure() == null ? 4 : 0;
        }
        if (sweep.runs() == 0) {
            return 3;
        }
        return sweep.hold() == null ? 2 : 1;
    }

    /**
     * Returns the phase of a scan. While a project hold or the global hold stops the scan, the phase is {@code active},
     * because this page cannot release that hold.
     */
    private static String phase(ScanView scan, boolean active) {
        if (!active) {
            return "ended";
        }
        boolean isPausedItself = scan.pause() != null && scan.pause().scope().equals("scan");
        return isPausedItself ? "paused" : "active";
    }
}
