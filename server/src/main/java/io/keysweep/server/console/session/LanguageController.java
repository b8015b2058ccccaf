package io.keysweep.server.console.session;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.ConsoleLocales;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Changes the language of the console's pages for one browser. This needs no session, because the sign-in page also
 * offers it.
 */
@Controller
final class LanguageController {

    static final String PATH = ConsolePath.ROOT + "/language";

    /**
     * Keeps the choice in a cookie, and returns to the page.
     *
     * @param to language tag such as {@code zh-CN}; an unknown language is treated as English
     * @param back path of the page; the overview is used if the path is null or outside of the console
     */
    @PostMapping(PATH)
    String choose(
            @RequestParam String to,
            @RequestParam(required = false) @Nullable String back,
            HttpServletRequest request,
            HttpServletResponse response) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ConsoleLocales.cookie(request, ConsoleLocales.supported(Locale.forLanguageTag(to)))
                        .toString());
        return "redirect:" + (SignInRedirect.isConsolePath(back) ? back : ConsolePath.ROOT);
    }
}
