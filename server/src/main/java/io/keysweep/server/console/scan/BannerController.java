package io.keysweep.server.console.scan;

import io.keysweep.api.HoldView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.control.Holds;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Shows a banner above every page with the holds of the scans of the caller's project.
 *
 * <p>A project hold holds all scans of a project, and the global hold holds all scans, until a user releases the hold.
 * The page requests the banner every second with htmx, a script in the browser that replaces parts of a page.
 */
@Controller
final class BannerController {

    private final Holds holds;

    BannerController(Holds holds) {
        this.holds = holds;
    }

    /**
     * Returns the banner; it is empty if no hold concerns the project, or if the caller is not allowed to see holds. If
     * the browser already shows this version, the response is 204 without content, because a screen reader reads out
     * every replaced banner.
     *
     * @param seen version of the banner that the browser shows; empty if it shows none
     * @return the name of the view, or null for a response without content
     */
    @GetMapping(ConsolePath.ROOT + "/banner")
    @Nullable String banner(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("permissions") Permissions permissions,
            @RequestParam(defaultValue = "") String seen,
            HttpServletResponse response,
            Model model) {
        List<HoldView> visibleHolds = permissions.listScans()
                ? holds.list(caller).stream()
                        // If the caller may set the global hold, the list also contains the holds of other projects.
                        .filter(hold ->
                                hold.projectId() == null || caller.projectId().equals(hold.projectId()))
                        .toList()
                : List.of();
        // The same holds have the same version in every process, because it depends on their values only.
        String version = Integer.toHexString(visibleHolds.hashCode());
        if (version.equals(seen)) {
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return null;
        }
        model.addAttribute("holds", visibleHolds);
        model.addAttribute("version", version);
        return "console/banner";
    }
}
