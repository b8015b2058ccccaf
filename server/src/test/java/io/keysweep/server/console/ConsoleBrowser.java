package io.keysweep.server.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Opens pages of one service in a headless Chromium and collects their script and policy errors. */
final class ConsoleBrowser implements AutoCloseable {

    /**
     * The beginnings of messages that browser and htmx log about requests with an error status or without a response.
     */
    private static final List<String> EXPECTED_ERRORS = List.of(
            "Failed to load resource",
            "Response Status Error Code",
            "htmx:afterRequest",
            "htmx:sendError",
            "htmx:sendAbort",
            "htmx:timeout");

    private final SharedBrowser chromium;
    private final boolean isShared;
    private final TestService service;

    /** The script and policy errors of all pages so far. */
    private final List<String> pageErrors = new CopyOnWriteArrayList<>();

    /** The contexts by access key, each with one session and one cache. */
    private final Map<String, BrowserContext> contexts = new HashMap<>();

    private ConsoleBrowser(SharedBrowser chromium, boolean isShared, TestService service) {
        this.chromium = chromium;
        this.isShared = isShared;
        this.service = service;
    }

    /** Starts a browser for one class of tests. */
    static ConsoleBrowser start(TestService service) {
        return new ConsoleBrowser(SharedBrowser.start(), /* isShared= */ false, service);
    }

    /** Opens pages in a browser that other classes also use. */
    static ConsoleBrowser of(SharedBrowser chromium, TestService service) {
        return new ConsoleBrowser(chromium, /* isShared= */ true, service);
    }

    /** Opens a page in a new context, without cookies. */
    Page open(int width, int height) {
        return open(width, height, "en-US");
    }

    /** Opens a page in a new context, without cookies, in a browser that prefers a language. */
    Page open(int width, int height, String language) {
        return page(context(width, height, language));
    }

    /** Opens a window of this size in pixels, for a person who reads this language. */
    private BrowserContext context(int width, int height, String language) {
        BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setBaseURL(service.endpoint())
                        .setLocale(language)
                        // Pages show times in the zone of the browser. Tests expect UTC.
                        .setTimezoneId("UTC")
                        .setViewportSize(width, height));
        context.setDefaultTimeout(SharedBrowser.TIMEOUT_MILLIS);
        return context;
    }

    /** Opens a context with the session of an access key and with these options. The caller closes the context. */
    BrowserContext signedInContext(Credentials key, Browser.NewContextOptions options) {
        BrowserContext context = chromium.browser().newContext(options.setBaseURL(service.endpoint()));
        context.setDefaultTimeout(SharedBrowser.TIMEOUT_MILLIS);
        context.addCookies(session(key));
        return context;
    }

    /** Opens an empty page in a context. {@link #closePages} returns its errors. */
    Page page(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            // The browser and htmx also report refused requests and lost connections here. Tests cause these on
            // purpose.
            boolean isExpected = EXPECTED_ERRORS.stream().anyMatch(message.text()::startsWith);
            if (message.type().equals("error") && !isExpected) {
                pageErrors.add(message.text());
            }
        });
        page.onPageError(pageErrors::add);
        return page;
    }

    /** Opens the overview with the session of an access key. */
    Page signedIn(Credentials key) {
        return signedIn(key, "/console");
    }

    /** Opens a page of the console with the session of an access key. The key signs in once, without a browser. */
    Page signedIn(Credentials key, String path) {
        Page page = page(contexts.computeIfAbsent(key.accessKey(), id -> {
            BrowserContext context = context(/* width= */ 1_200, /* height= */ 900, "en-US");
            context.addCookies(session(key));
            return context;
        }));
        page.navigate(path);
        expect(page.locator("h1")).isVisible();
        return page;
    }

    /** Signs a key in, and returns the cookies of its session. */
    private List<Cookie> session(Credentials key) {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(key);
        return client.cookies().entrySet().stream()
                .map(cookie -> new Cookie(cookie.getKey(), cookie.getValue()).setUrl(service.endpoint()))
                .toList();
    }

    /** Closes all pages, so that they no longer refresh themselves, and returns their errors so far. */
    List<String> closePages() {
        chromium.browser()
                .contexts()
                .forEach(context -> List.copyOf(context.pages()).forEach(Page::close));
        return List.copyOf(pageErrors);
    }

    /** Fills in the sign-in form and submits it. */
    static void signIn(Page page, String accessKey, String secretKey) {
        page.navigate("/console/sign-in");
        page.getByLabel("Access key").fill(accessKey);
        page.getByLabel("Secret key").fill(secretKey);
        press(page, "Sign in");
    }

    /** Clicks the button with this label. */
    static void press(Page page, String name) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    /** Selects the level 1 heading with this text. */
    static Page.GetByRoleOptions heading(String name) {
        return new Page.GetByRoleOptions().setName(name).setLevel(1);
    }

    /** Returns assertions about a part of a page. Each waits until it is true, or fails after a timeout. */
    static LocatorAssertions expect(Locator locator) {
        return PlaywrightAssertions.assertThat(locator);
    }

    /**
     * Returns what makes a page hard to use by keyboard, screen reader or finger: ids that occur twice, fields and
     * buttons without a name, targets that are smaller than 24 pixels, not exactly one main heading, no language, and
     * elements without an id in parts that the page replaces. Such an element would lose the focus.
     */
    static List<?> obstacles(Page page) {
        return (List<?>) page.evaluate("""
                () => {
                  const bad = [], ids = new Set(), name = e => e.outerHTML.slice(0, 90);
                  document.querySelectorAll('[id]').forEach(e => ids.has(e.id) ? bad.push('twice: ' + e.id) : ids.add(e.id));
                  document.querySelectorAll('input:not([type=hidden]), select, textarea').forEach(e => {
                    if (!(e.labels && e.labels.length) && !e.getAttribute('aria-label')) bad.push('no name: ' + name(e));
                  });
                  document.querySelectorAll('button, summary.button, a.button, nav a, select, input:not([type=hidden])').forEach(e => {
                    const box = e.getBoundingClientRect();
                    if (box.width > 0 && (box.width < 24 || box.height < 24)) bad.push('small: ' + name(e));
                  });
                  document.querySelectorAll('button, a').forEach(e => {
                    if (!e.textContent.trim() && !e.getAttribute('aria-label')) bad.push('no text: ' + name(e));
                  });
                  document.querySelectorAll('[hx-trigger*="every"], #course').forEach(part => {
                    part.querySelectorAll('a, button, input:not([type=hidden]), select, summary, [tabindex="0"]').forEach(e => {
                      if (!e.id) bad.push('loses the focus: ' + name(e));
                    });
                  });
                  if (document.querySelectorAll('h1').length !== 1) bad.push('not one main heading');
                  if (!document.documentElement.lang) bad.push('no language');
                  return bad;
                }
                """);
    }

    @Override
    public void close() {
        if (isShared) {
            chromium.browser().contexts().forEach(BrowserContext::close);
        } else {
            chromium.close();
        }
    }
}
