package io.keysweep.server.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs one headless Chromium. Test classes get it as a parameter, by {@link SharedBrowserResolver}, and share it.
 *
 * <p>Playwright may be used on one thread only, so these classes have {@code @Execution(SAME_THREAD)}. JUnit then runs
 * them one after another on the thread that starts the test plan.
 */
final class SharedBrowser implements AutoCloseable {

    /** The timeout of each action, far longer than actions take, so that no test fails on a busy machine. */
    static final double TIMEOUT_MILLIS = 180_000;

    private final Playwright playwright;
    private final Browser browser;

    private SharedBrowser(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts a browser. */
    static SharedBrowser start() {
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
        return new SharedBrowser(playwright, browser);
    }

    /** Returns the browser to start. The headless shell, a Chromium without windows, needs half of the CPU time. */
    private static Path chromium() {
        return List.of(
                        "/usr/bin/chromium-headless-shell",
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("No Chromium; on Debian: apt-get install chromium-headless-shell"));
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
