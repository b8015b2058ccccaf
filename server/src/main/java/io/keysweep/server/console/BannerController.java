package io.keysweep.server.console;

import io.keysweep.api.HoldView;
import io.keysweep.server.config.ConsolePath;
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

/** Shows in a banner above every page which holds stop the scans of the caller's project. */
@Controller
final class BannerController {

    private final Holds holds;

    BannerController(Holds holds) {
        this.holds = holds;
    }

    /**
     * Returns the banner. If the browser already shows this version, the response is 204 without content, because a
     * screen reader reads out every replaced banner.
     *
     * @param seen version of the banner that the browser shows; empty if it shows none
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
                        .filter(hold ->
                                hold.projectId() == null || caller.projectId().equals(hold.projectId()))
                        .toList()
                : List.of();
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
