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

/** The banner over every page that tells who holds the caller's project or everything, and why. */
@Controller
final class BannerController {

    private final Holds holds;

    BannerController(Holds holds) {
        this.holds = holds;
    }

    /** Says nothing where nothing has changed, so that a screen reader does not tell it again and again. */
    @GetMapping(ConsolePath.ROOT + "/banner")
    @Nullable String banner(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("may") Permissions may,
            @RequestParam(defaultValue = "") String seen,
            HttpServletResponse response,
            Model model) {
        List<HoldView> found = may.listScans()
                ? holds.list(caller).stream()
                        .filter(hold ->
                                hold.projectId() == null || caller.projectId().equals(hold.projectId()))
                        .toList()
                : List.of();
        String state = Integer.toHexString(found.hashCode());
        if (state.equals(seen)) {
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return null;
        }
        model.addAttribute("holds", found);
        model.addAttribute("seen", state);
        return "console/banner";
    }
}
