package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Waits;
import org.junit.jupiter.api.Test;

/** Tests the button Examine in a real browser; it shows the findings of the doctor. */
class ConsoleDoctorIT extends ConsoleTesting {

    @Test
    void examination_ofAnInstance_showsFindings_orWhyTheServerCannotBeReached() {
        console.redis().client().call("CONFIG", "SET", "lazyfree-lazy-expire", "no");
        String instanceId = console.register(admin, console.newName(), console.redisUri());

        // The button shows a finding, and the audit log has the examination.
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
        press(page, "Examine");
        expect(page.locator("#doctor")).containsText("lazyfree-lazy-expire is no");
        expect(page.locator("#doctor")).containsText("CONFIG SET lazyfree-lazy-expire yes");
        expect(page.locator("#doctor .state").first()).isVisible();

        assertThat(console.service()
                        .call(admin, "GET", "/api/v1/audit?action=examineInstance", "")
                        .response()
                        .body())
                .contains(instanceId);

        // The Chinese console shows the finding in Chinese.
        Page chinese = console.browser().open(/* width= */ 1_200, /* height= */ 900, "zh-CN");
        chinese.context().addCookies(page.context().cookies());
        chinese.navigate("/console/instances/" + instanceId);
        press(chinese, "检查");
        expect(chinese.locator("#doctor")).containsText("lazyfree-lazy-expire 为 no");

        // Without a server, the page says which address cannot be reached.
        String unreachable = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        page.navigate("/console/instances/" + unreachable);
        press(page, "Examine");
        expect(page.locator("#doctor .notice.bad")).containsText("127.0.0.1:1");
    }

    @Test
    void examination_ofAServerThatEstimatesItsDeadKeys_comparesTheWays() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50_000)
                    .switchExpiryOn();
            Waits.await("the server's own expiry has taken time")
                    .until(() -> !"0".equals(client.info("expire_cycle_cpu_milliseconds")));
            String instanceId = console.register(admin, console.newName(), server.uri());
            Page page = console.browser().open(/* width= */ 1_200, /* height= */ 900, "zh-CN");
            page.context()
                    .addCookies(console.browser()
                            .signedIn(admin, "/console")
                            .context()
                            .cookies());

            page.navigate("/console/instances/" + instanceId);
            press(page, "检查");
            expect(page.locator("#doctor")).containsText("各种方式的数字基于一个假设");
            page.locator("#doctor summary").click();
            expect(page.locator("#doctor thead")).containsText("最长停顿");
            // With hz 10 and effort 1, a cycle of the server takes up to 25 ms. A step of a sweep takes up to 0.5 ms.
            expect(page.locator("#doctor tbody")).containsText("25.0 ms");
            expect(page.locator("#doctor tbody")).containsText("0.5 ms");
            expect(page.locator("#doctor tbody")).containsText("不间断的扫描");
        }
    }

    @Test
    void examination_ofACluster_showsEachFindingOnce_andTheAdviceForAllPrimaries() {
        try (ManyShards cluster = ManyShards.start(/* shards= */ 25)) {
            String path = "/console/instances/" + console.register(admin, console.newName(), cluster.uri());
            PageChecks checks = new PageChecks(console, admin);
            Page page = console.browser().signedIn(admin);
            checks.prepare(page);
            page.navigate(path);
            press(page, "Examine");

            // Each primary estimates that 1 % of 400,000 keys with a TTL are dead, and has a million keys in all.
            expect(page.locator("#doctor h3").first()).hasText("All 25 primaries together");
            expect(page.locator("#cluster-advice"))
                    .containsText("By the servers' own estimates (expired_stale_perc), about 100,000 keys are dead;"
                            + " 500,000 do no harm.");
            expect(page.locator("#cluster-advice strong")).containsText("You do not need Keysweep now");
            expect(page.locator("#cluster-advice tbody")).containsText("nothing");

            // Each primary has another finding about its replica. There are so many facts that they are hidden at
            // first.
            Locator facts = page.locator("#doctor .check-result > details");
            expect(facts.locator("li").first()).not().isVisible();
            facts.locator("summary").click();
            expect(facts.getByText("on all 25").first()).isVisible();
            checks.checkAccessibility(page, path, PageChecks.DESKTOP, ColorScheme.LIGHT);
            checks.checkWidth(page, path, PageChecks.NARROWEST_PHONE);
            assertThat(checks.problems()).isEmpty();

            Page chinese = console.browser().open(/* width= */ 1_200, /* height= */ 900, "zh-CN");
            chinese.context().addCookies(page.context().cookies());
            chinese.navigate(path);
            press(chinese, "检查");
            expect(chinese.locator("#cluster-advice")).containsText("按各服务器自己的估算（expired_stale_perc），约 100,000 个 key");
        }
    }
}
