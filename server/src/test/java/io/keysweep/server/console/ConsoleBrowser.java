package io.keysweep.server.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs a headless Chromium for the pages of one service and collects its script and policy errors. */
final class ConsoleBrowser implements AutoCloseable {

    /** Far longer than any step takes, so that a busy machine makes no test fail. */
    private static final double TIMEOUT_MILLIS = 180_000;

    /** The beginnings of what the console of a browser says about answers with an error status, or without one. */
    private static final List<String> EXPECTED_ERRORS = List.of(
            "Failed to load resource",
            "Response Status Error Code",
            "htmx:afterRequest",
            "htmx:sendError",
            "htmx:sendAbort",
            "htmx:timeout");

    private final Playwright playwright;
    private final Browser browser;
    private final TestService service;
    private final List<String> pageErrors = new CopyOnWriteArrayList<>();

    private ConsoleBrowser(Playwright playwright, Browser browser, TestService service) {
        this.playwright = playwright;
        this.browser = browser;
        this.service = service;
    }

    /** Starts the browser. */
    static ConsoleBrowser start(TestService service) {
        PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MILLIS);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium())
                        .setTimeout(TIMEOUT_MILLIS)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new ConsoleBrowser(playwright, browser, service);
    }

    private static Path chromium() {
        return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No Chromium; on Debian: apt-get install chromium"));
    }

    /** Opens a page in a new context, without cookies. */
    Page open(int width, int height) {
        return open(width, height, "en-US");
    }

    /** Opens a page in a new context, without cookies, in a browser that asks for a language. */
    Page open(int width, int height, String language) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(service.endpoint())
                .setLocale(language)
                .setViewportSize(width, height));
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            // Refused requests and a lost connection are also reported here, by the browser and by htmx. Tests expect
            // them.
            boolean isExpected = EXPECTED_ERRORS.stream().anyMatch(message.text()::startsWith);
            if (message.type().equals("error") && !isExpected) {
                pageErrors.add(message.text());
            }
        });
        page.onPageError(pageErrors::add);
        return page;
    }

    /** Opens a page in a new context and signs in. */
    Page signedIn(Credentials key) {
        Page page = open(1200, 900);
        signIn(page, key.accessKey(), key.secretKey());
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        return page;
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

    /** Returns assertions that wait until they hold for a part of a page. */
    static LocatorAssertions expect(Locator locator) {
        return PlaywrightAssertions.assertThat(locator);
    }

    /**
     * Returns what would keep people from using a page by keyboard, screen reader or finger: ids that occur twice,
     * fields without a name, no single main heading, and targets that are smaller than 24 pixels.
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
                  if (document.querySelectorAll('h1').length !== 1) bad.push('not one main heading');
                  if (!document.documentElement.lang) bad.push('no language');
                  return bad;
                }
                """);
    }

    /** Returns the errors in the consoles of all pages so far, such as violations of the content security policy. */
    List<String> pageErrors() {
        return List.copyOf(pageErrors);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
