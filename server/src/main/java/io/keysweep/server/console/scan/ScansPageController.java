package io.keysweep.server.console.scan;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.Map;
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

    ScansPageController(ScanList rows) {
        this.rows = rows;
    }

    /**
     * Shows a page of the scans.
     *
     * @param parameters those of {@code GET /api/v1/scans}; an empty one selects all scans
     * @throws io.keysweep.server.error.RequestRefusedException if a parameter is unknown or not valid
     */
    @GetMapping(PATH)
    String page(@AuthenticationPrincipal Caller caller, @RequestParam Map<String, String> parameters, Model model) {
        caller.requireSomewhere(Action.LIST_SCANS);
        MultiValueMap<String, String> chosen = new LinkedMultiValueMap<>();
        parameters.forEach((name, value) -> {
            if (!value.isBlank()) {
                chosen.add(name, value.strip());
            }
        });
        ScanList.ScanRowPage found = rows.scans(caller, chosen);
        model.addAttribute("rows", found.rows());
        model.addAttribute("nextCursor", found.nextCursor());
        model.addAttribute("chosen", parameters);
        return "console/all-scans";
    }
}
