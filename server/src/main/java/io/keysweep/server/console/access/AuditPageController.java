package io.keysweep.server.console.access;

import io.keysweep.api.AuditEntryView;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.audit.AuditReader;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.MomentText;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.json.JsonMapper;

/** Serves the page with the audit log of the whole service, the newest entries first. */
@Controller
final class AuditPageController {

    private static final int ENTRIES_PER_PAGE = 25;
    private static final int MAX_TEXT_LENGTH = 300;

    // The lowest and the highest HTTP status of calls that have succeeded.
    private static final int FIRST_DONE = 100;

    private static final int LAST_DONE = 399;

    // The lowest and the highest HTTP status of calls that were refused or have failed.
    private static final int FIRST_REFUSED = 400;

    private static final int LAST_REFUSED = 599;

    private final AuditReader reader;
    private final JsonMapper json;

    AuditPageController(AuditReader reader, JsonMapper json) {
        this.reader = reader;
        this.json = json;
    }

    /**
     * Shows a page of the log.
     *
     * @param parameters {@code actor}, {@code action}, {@code resource} and {@code project} as in the API; {@code from}
     *     and {@code to} as {@link MomentText} reads them; {@code outcome}, which is {@code done} or {@code refused};
     *     and {@code before}, the number of an entry, to show only entries with lower numbers. A value that is not
     *     valid selects everything. If a time is not valid, the page says so
     */
    @GetMapping(ConsolePath.ROOT + "/audit")
    String page(@AuthenticationPrincipal Caller caller, @RequestParam Map<String, String> parameters, Model model) {
        caller.requireAction(Action.READ_AUDIT);
        String outcome = parameters.getOrDefault("outcome", "");
        Integer lowestStatus = null;
        Integer highestStatus = null;
        if (outcome.equals("done")) {
            lowestStatus = FIRST_DONE;
            highestStatus = LAST_DONE;
        } else if (outcome.equals("refused")) {
            lowestStatus = FIRST_REFUSED;
            highestStatus = LAST_REFUSED;
        }
        String before = parameters.getOrDefault("before", "");
        String from = parameters.getOrDefault("from", "").strip();
        String to = parameters.getOrDefault("to", "").strip();
        Optional<Instant> earliest = MomentText.beginning(from);
        Optional<Instant> end = MomentText.end(to);

        AuditReader.EntryPage page = reader.list(
                new AuditReader.Filter(
                        earliest.orElse(null),
                        end.orElse(null),
                        text(parameters, "actor"),
                        text(parameters, "action"),
                        text(parameters, "resource"),
                        text(parameters, "project"),
                        lowestStatus,
                        highestStatus),
                // With at most 18 digits, the number fits into a long.
                before.matches("[0-9]{1,18}") ? Long.parseLong(before) : Long.MAX_VALUE,
                ENTRIES_PER_PAGE);

        model.addAttribute(
                "entries",
                page.entries().stream()
                        .map(entry -> json.readValue(entry.line(), AuditEntryView.class))
                        .toList());
        model.addAttribute("next", page.last());
        model.addAttribute("badFrom", !from.isEmpty() && earliest.isEmpty());
        model.addAttribute("badTo", !to.isEmpty() && end.isEmpty());
        model.addAttribute("chosen", parameters);
        return "console/audit";
    }

    /** Returns the text by which a parameter filters; null if it is empty, too long or not printable. */
    private static @Nullable String text(Map<String, String> parameters, String name) {
        String text = parameters.getOrDefault(name, "").strip();
        return text.isEmpty() || text.length() > MAX_TEXT_LENGTH || !ForeignText.isPrintable(text) ? null : text;
    }
}
