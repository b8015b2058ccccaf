package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import java.util.Locale;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Serves the lines of the command palette, which {@code palette.js} requests while the user types. */
@Controller
final class PaletteController {

    private final PaletteSearch search;

    PaletteController(PaletteSearch search) {
        this.search = search;
    }

    /** Returns the fragment with the lines that contain a text. */
    @GetMapping(ConsolePath.ROOT + "/palette")
    String find(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(name = "q", defaultValue = "") String text,
            Locale locale,
            Model model) {
        String query = text.strip();
        model.addAttribute("query", query);
        model.addAttribute("found", search.find(caller, query, locale));
        return "console/palette :: found";
    }
}
