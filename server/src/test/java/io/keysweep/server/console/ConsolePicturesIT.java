package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Takes pictures of the console with real servers, for the documentation and for a check by eye.
 *
 * <p>{@code dev/screenshots} runs this class, and {@code dev/verify} does not. Each page is taken at 1280 and 390
 * pixels, light and dark, in English and Chinese, into {@code server/target/pictures}.
 */
@Tag("pictures")
@Execution(ExecutionMode.SAME_THREAD)
class ConsolePicturesIT {

    private static final Path FOLDER = Path.of("target", "pictures");

    private static final int HEIGHT = 850;

    @TempDir
    private static Path home;

    @Test
    void pages_inAllSizesColorsAndLanguages_haveNoScriptErrors() throws Exception {
        Files.createDirectories(FOLDER);
        try (ConsoleFixture console = ConsoleFixture.start(home);
                RedisCluster cluster =
                        RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 3)) {
            // The service has a cluster, a server and a server that cannot be reached.
            Credentials admin = console.administrator();
            String sessions = console.register(
                    admin,
                    "sessions",
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port());
            console.plantTtls();
            console.plantDeadKeys();
            String orders = console.register(admin, "orders", console.redisUri());
            console.register(admin, "archive", ConsoleFixture.UNREACHABLE_URI);

            // The pages have an ended scan, an estimate and a running scan.
            console.finishScan(console.startSlowScan(sessions));
            String estimates = "/api/v1/instances/" + orders + "/estimates";
            Answer estimate = console.service().call(admin, "POST", estimates, "{\"samplePrimary\":true}");
            assertThat(estimate.status()).as(estimate.response().body()).isEqualTo(200);

            String scan = console.startSlowScan(orders);
            Map<String, String> pages = Map.of(
                    "overview", "/console",
                    "instance", "/console/instances/" + orders,
                    "cluster", "/console/instances/" + sessions,
                    "scan", "/console/scans/" + scan,
                    "access-keys", "/console/projects/" + admin.projectId() + "/access-keys");
            for (String language : new String[] {"en-US", "zh-CN"}) {
                for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                    for (String width : new String[] {"1280", "390"}) {
                        picture(console, admin, pages, language, scheme, width);
                    }
                }
            }
            assertThat(console.browser().closePages()).isEmpty();

            console.finishScan(scan);
        }
    }

    /** Takes pictures of all pages and of the palette in one combination. */
    private static void picture(
            ConsoleFixture console,
            Credentials admin,
            Map<String, String> pages,
            String language,
            ColorScheme scheme,
            String width) {
        String schemeName = scheme.name().toLowerCase(Locale.ROOT);
        try (BrowserContext context = console.browser()
                .signedInContext(
                        admin,
                        new Browser.NewContextOptions()
                                .setLocale(language)
                                .setColorScheme(scheme)
                                .setViewportSize(Integer.parseInt(width), HEIGHT))) {
            Page page = console.browser().page(context);
            pages.forEach((name, path) -> {
                page.navigate(path);
                expect(page.locator("h1")).isVisible();
                awaitFragments(page);
                take(page, String.join("-", name, width, schemeName, language.substring(0, 2)));
            });
            page.locator("#open-palette").click();
            expect(page.locator("dialog[open]")).isVisible();
            take(page, String.join("-", "palette", width, schemeName, language.substring(0, 2)));
        }
    }

    private static void take(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(FOLDER.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** Waits until the parts that a page loads later, such as the topology, have arrived. */
    private static void awaitFragments(Page page) {
        if (page.url().contains("/scans/")) {
            // The charts of a scan appear when it has worked for some seconds.
            page.locator("canvas").first().waitFor();
        }
        Locator topology = page.locator("#topology");
        if (topology.count() > 0) {
            page.locator("#topology .node").first().waitFor();
        }
        page.locator(".htmx-request")
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
    }
}
