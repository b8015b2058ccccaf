package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Tests in a real browser that pages which refresh themselves need no more memory after hours.
 *
 * <p>A page gets as many updates as in 5 minutes; with {@code keysweep.full}, as in 12 hours. It runs 250 times as fast
 * as usual, because the test shortens its timers. Each further request to an address gets the response of the first
 * request, so that the service does not limit the speed.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleMemoryIT extends ConsoleTesting {

    /** The seconds for which each page is open, in the time of the page, which runs 250 times as fast as the clock. */
    private static final int SECONDS = Boolean.getBoolean("keysweep.full") ? 12 * 3_600 : 5 * 60;

    /** The number of updates before the first measurement, during which caches fill and code is compiled. */
    private static final int WARM_UP = 100;

    /**
     * Shortens the timers of the page, replays answers, and counts updates. {@code stopUpdates} stops the updates, and
     * {@code continueUpdates} continues them.
     */
    private static final String SPEED_UP = """
            () => {
              const realTimeout = window.setTimeout, realFetch = window.fetch, answers = new Map();
              let waiting = null;
              window.updates = 0;
              document.addEventListener('htmx:beforeSwap', event => { if (event.detail.shouldSwap) window.updates++; });
              window.setTimeout = (action, delay) => realTimeout(() => {
                if (waiting && delay >= 500) waiting.push(action); else action();
              }, delay / 250);
              window.stopUpdates = () => { waiting = []; };
              window.continueUpdates = () => { const due = waiting; waiting = null; due.forEach(action => action()); };
              const answer = (address, headers) => {
                const url = new URL(address, location.href).href;
                if (!answers.has(url)) answers.set(url, realFetch(url, {headers}).then(async response => ({
                  status: response.status, headers: [...response.headers], text: await response.text()})));
                return answers.get(url);
              };
              window.fetch = async (url, options) => {
                const found = await answer(url, options.headers);
                return new Response(found.text, {status: found.status, headers: found.headers});
              };
              window.XMLHttpRequest = class extends EventTarget {
                upload = new EventTarget();
                headers = {};
                open(method, url) { this.url = url; }
                overrideMimeType() {}
                setRequestHeader(name, value) { this.headers[name] = value; }
                getResponseHeader(name) { return new Headers(this.found.headers).get(name); }
                getAllResponseHeaders() { return this.found.headers.map(header => header.join(': ')).join('\\r\\n'); }
                send() {
                  answer(this.url, this.headers).then(found => {
                    this.found = found;
                    this.status = found.status;
                    this.response = this.responseText = found.text;
                    this.responseURL = new URL(this.url, location.href).href;
                    this.onload();
                  });
                }
              };
            }
            """;

    /** Replaces the section with the charts a number of times, as the response to a refused form does. */
    private static final String REPLACE_CHARTS = """
            async times => {
              const page = new DOMParser().parseFromString(await (await fetch(location.href, {})).text(), 'text/html');
              for (let i = 0; i < times; i++) {
                document.getElementById('charts').replaceWith(page.getElementById('charts').cloneNode(true));
                htmx.trigger(document.body, 'htmx:afterSettle');
                while (!document.querySelector('#charts canvas')) await new Promise(requestAnimationFrame);
              }
            }
            """;

    private String instance;
    private String scan;

    @BeforeAll
    void startScan() {
        console.plantDeadKeys();
        instance = console.register(admin, "memory", console.redisUri());
        scan = console.startSlowScan(instance);

        // The charts of a scan appear when it has worked for some seconds.
        console.browser()
                .signedIn(admin, "/console/scans/" + scan)
                .locator("canvas")
                .first()
                .waitFor();

        // The scan must not end during the tests, because its page would no longer refresh itself.
        console.service().call(admin, "POST", "/api/v1/scans/" + scan + "/pause", "{\"reason\":\"test\"}");
    }

    @AfterAll
    void finishScan() {
        console.finishScan(scan);
    }

    @Test
    void pageOfAScan_openForHours_needsNoMoreMemory() {
        Page page = console.browser().signedIn(admin, "/console/scans/" + scan);
        page.locator("canvas").first().waitFor();

        assertMemoryDoesNotGrow(page, SECONDS);
    }

    @Test
    void overview_openForHours_needsNoMoreMemory() {
        Page page = console.browser().signedIn(admin);
        expect(page.locator("#recent tbody tr").first()).isVisible();

        // The page requests the tiles every second, the instances every 5 seconds and the scans every 3 seconds.
        assertMemoryDoesNotGrow(page, SECONDS + SECONDS / 5 + SECONDS / 3);
    }

    @Test
    void pageOfAnInstance_openForHours_needsNoMoreMemory() {
        Page page = console.browser().signedIn(admin, "/console/instances/" + instance);
        page.locator("#topology .node").first().waitFor();

        // The page requests the scans every 2 seconds and the topology every 30 seconds.
        assertMemoryDoesNotGrow(page, SECONDS / 2 + SECONDS / 30);
    }

    @Test
    void charts_drawnAgainInOtherColors_needNoMoreMemory() {
        Page page = console.browser().signedIn(admin, "/console/scans/" + scan);
        page.locator("canvas").first().waitFor();
        page.evaluate(SPEED_UP);
        // The first switches fill caches.
        for (int i = 0; i < 5; i++) {
            switchColors(page);
        }
        Map<String, Double> early = measure(page);

        for (int i = 0; i < 50; i++) {
            switchColors(page);
        }
        assertNoMore(early, measure(page));
    }

    @Test
    void charts_replacedWithTheirSection_needNoMoreMemory() {
        Page page = console.browser().signedIn(admin, "/console/scans/" + scan);
        page.locator("canvas").first().waitFor();
        page.evaluate(SPEED_UP);
        page.evaluate(REPLACE_CHARTS, 5);
        Map<String, Double> early = measure(page);

        // measure() has stopped the updates.
        page.evaluate("continueUpdates()");
        page.evaluate(REPLACE_CHARTS, 50);

        assertNoMore(early, measure(page));
    }

    private static void switchColors(Page page) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    /** Lets a page update itself this many times, and compares its memory near the beginning and at the end. */
    private static void assertMemoryDoesNotGrow(Page page, int updates) {
        // In a large window, painting would take most of the time.
        page.setViewportSize(400, 300);
        page.evaluate(SPEED_UP);
        awaitUpdates(page, WARM_UP);
        Map<String, Double> early = measure(page);

        page.evaluate("continueUpdates()");
        awaitUpdates(page, WARM_UP + updates);
        assertNoMore(early, measure(page));
    }

    private static void awaitUpdates(Page page, int updates) {
        page.waitForFunction(
                "many => window.updates >= many",
                updates,
                new Page.WaitForFunctionOptions().setPollingInterval(500).setTimeout(SECONDS * 1000.0));
    }

    /** Stops the updates of a page, collects its garbage, and returns the metrics of its process by name. */
    private static Map<String, Double> measure(Page page) {
        page.evaluate("stopUpdates()");
        // A page that is never idle for long enough would not call back without a timeout.
        page.evaluate("""
                new Promise(done => requestIdleCallback(
                    () => requestIdleCallback(done, {timeout: 1000}), {timeout: 1000}))""");
        CDPSession devTools = page.context().newCDPSession(page);
        try {
            devTools.send("Performance.enable");
            // The second collection frees the objects that the first collection finalizes.
            devTools.send("HeapProfiler.collectGarbage");
            devTools.send("HeapProfiler.collectGarbage");
            Map<String, Double> metrics = new HashMap<>();
            devTools.send("Performance.getMetrics").getAsJsonArray("metrics").forEach(each -> {
                JsonObject metric = each.getAsJsonObject();
                metrics.put(
                        metric.get("name").getAsString(), metric.get("value").getAsDouble());
            });
            return metrics;
        } finally {
            devTools.detach();
        }
    }

    /** Checks that the later metrics show no more nodes, listeners and bytes, apart from small differences. */
    private static void assertNoMore(Map<String, Double> early, Map<String, Double> late) {
        assertThat(growth("Nodes", early, late)).as("more DOM nodes").isLessThanOrEqualTo(100);
        assertThat(growth("JSEventListeners", early, late))
                .as("more event listeners")
                .isLessThanOrEqualTo(20);
        assertThat(growth("JSHeapUsedSize", early, late))
                .as("more bytes of the heap")
                .isLessThan(1e6);
    }

    private static double growth(String metric, Map<String, Double> early, Map<String, Double> late) {
        return Objects.requireNonNull(late.get(metric)) - Objects.requireNonNull(early.get(metric));
    }
}
