package io.keysweep.server.console;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Checks that pages of the console are accessible, fit a small screen, and are small enough for a slow connection. */
final class PageChecks {

    /** The width of a window on a desktop, in CSS pixels. */
    static final int DESKTOP = 1280;

    /** The width of a phone, in CSS pixels. */
    static final int PHONE = 390;

    /** The width of the narrowest phone that pages must fit, in CSS pixels. */
    static final int NARROWEST_PHONE = 360;

    /**
     * The maximum number of bytes of the first load of a page, as they are sent: HTML, styles, scripts, images, and the
     * parts that the page requests as soon as it is shown, such as the nodes of an instance and the lines of charts.
     */
    private static final int MAX_BYTES = 150_000;

    /** The script of axe-core, a test dependency. */
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    /** Runs axe-core in the page. Returns a text for each violation of WCAG, levels A and AA. */
    private static final String RUN_AXE = """
            async () => {
              const result = await axe.run(document, { resultTypes: ['violations'],
                runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } });
              if (!result.passes.length) return ['axe has applied no rule'];
              return result.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3)
                .map(n => n.html.slice(0, 150) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '));
            }
            """;

    /**
     * Returns a text for each row of a table that has no header, so that a screen reader cannot say which row a cell
     * belongs to. The rows of windows are left out, because each of their fields has a label with its number. The
     * legends of charts are left out, because uPlot makes them.
     */
    private static final String FIND_ROWS_WITHOUT_HEADER = """
            () => [...document.querySelectorAll('main table:not(.week):not(.u-legend) tbody tr')]
              .filter(row => !row.querySelector('th[scope=row]'))
              .map(row => 'a row without a header: ' + row.textContent.trim().slice(0, 80))
            """;

    /** Returns the addresses of the files of a page (styles, scripts and images) from its HTML. */
    private static final String FIND_FILES = """
            html => [...new DOMParser().parseFromString(html, 'text/html')
                .querySelectorAll('link[href], script[src], img[src]')]
              .map(each => new URL(each.getAttribute('href') || each.getAttribute('src'), location).href)
            """;

    /** Requests the parts that a page requests as soon as it is shown, and returns their number of bytes. */
    private static final String COUNT_BYTES_OF_PARTS = """
            async html => {
              const parts = [...new DOMParser().parseFromString(html, 'text/html')
                .querySelectorAll('[hx-get][hx-trigger~=load], [data-source]')];
              const sizes = await Promise.all(parts.map(async part => {
                const address = part.getAttribute('hx-get') || part.dataset.source;
                const answer = await fetch(address, { headers: { 'HX-Request': 'true' } });
                return (await answer.arrayBuffer()).byteLength;
              }));
              return sizes.reduce((sum, size) => sum + size, 0);
            }
            """;

    private final ConsoleFixture console;
    private final Credentials admin;
    private final String axe = loadAxe();

    /** Maps the address of a file of pages to its number of bytes. */
    private final Map<String, Integer> sizes = new HashMap<>();

    private final List<String> problems = new ArrayList<>();

    PageChecks(ConsoleFixture console, Credentials admin) {
        this.console = console;
        this.admin = admin;
    }

    private static String loadAxe() {
        try (InputStream script = Objects.requireNonNull(PageChecks.class.getResourceAsStream(AXE), AXE)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the script of axe-core to all later loads of a page, regardless of the page's content security policy. */
    void prepare(Page page) {
        page.addInitScript(axe);
    }

    /** Creates an instance, a scan, a user and so on, so that each page has content. Returns the paths of all pages. */
    List<String> createPages() {
        TestService service = console.service();
        console.plantTtls();

        String instance =
                console.register(admin, "a-rather-long-name-of-an-instance-that-has-to-break", console.redisUri());
        service.call(admin, "POST", "/api/v1/instances/" + instance + "/estimates", "{\"samplePrimary\":true}");
        console.advise(instance, "PASSES", /* proposedStart= */ null);
        String scan = console.startSlowScan(instance);
        console.finishScan(scan);

        String project = "/console/projects/" + admin.projectId();
        String api = "/api/v1/projects/" + admin.projectId();
        service.call(
                admin,
                "POST",
                api + "/users",
                "{\"name\":\"page-checks\",\"password\":\"correct horse battery\",\"policies\":[\"viewer\"]}");
        service.call(
                admin,
                "PUT",
                api + "/access-policies/page-checks",
                "{\"statements\":[{\"effect\":\"deny\",\"actions\":[\"dcs:*\"],\"tags\":{\"env\":\"prod\"}}]}");
        String webhook = service.call(
                        admin,
                        "POST",
                        "/api/v1/webhooks",
                        "{\"url\":\"http://127.0.0.1:1/checks\",\"events\":[\"scan.failed\"]}")
                .body()
                .get("id")
                .asString();

        return List.of(
                "/console",
                "/console/scans",
                "/console/scans/" + scan,
                "/console/scans/" + scan + "/report",
                "/console/scans/" + scan + "/timeline",
                "/console/instances/" + instance,
                "/console/instances/" + instance + "/starts",
                "/console/holds",
                "/console/policies",
                "/console/ceilings",
                "/console/approvals",
                "/console/webhooks",
                "/console/webhooks/" + webhook,
                "/console/audit",
                "/console/workers",
                "/console/register",
                "/console/projects",
                project,
                project + "/access-keys",
                project + "/access-keys/"
                        + console.accessKey(admin, "dcs:instance:list").accessKey(),
                project + "/users",
                project + "/users/page-checks",
                project + "/access-policies",
                project + "/access-policies/page-checks",
                "/console/sign-in",
                "/console/nonsense");
    }

    /** Loads a page, and records a problem if the page is too large. */
    void checkWeight(Page page, String path) {
        Response response = Objects.requireNonNull(page.navigate(path));
        String html = response.text();
        int bytes = response.body().length + (int) page.evaluate(COUNT_BYTES_OF_PARTS, html);
        for (Object file : (List<?>) page.evaluate(FIND_FILES, html)) {
            bytes += sizes.computeIfAbsent((String) file, PageChecks::size);
        }
        addProblems(path, bytes > MAX_BYTES ? List.of("the first load has " + bytes + " bytes") : List.of());
    }

    /** Returns the bytes that are sent for a file of a page to a browser that accepts gzip. */
    private static int size(String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Accept-Encoding", "gzip")
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Opens all forms of the current page, and records its violations of WCAG levels A and AA as problems. Also records
     * each row of a table that has no header.
     */
    void checkAccessibility(Page page, String path, int width, ColorScheme scheme) {
        page.setViewportSize(width, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })");
        addProblems(path + " at " + width + " in " + scheme, (List<?>) page.evaluate(RUN_AXE));
        addProblems(path, (List<?>) page.evaluate(FIND_ROWS_WITHOUT_HEADER));
    }

    /** Records a problem if the current page is wider than a phone of this width, and each obstacle of the page. */
    void checkWidth(Page page, String path, int width) {
        page.setViewportSize(width, 740);
        int actual = (int) page.evaluate("document.documentElement.scrollWidth");
        addProblems(path, actual > width ? List.of("is " + actual + " wide on " + width) : List.of());
        addProblems(path, ConsoleBrowser.obstacles(page));
    }

    /** Returns all problems so far. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private void addProblems(String path, List<?> found) {
        found.forEach(problem -> problems.add(path + ": " + problem));
    }
}
