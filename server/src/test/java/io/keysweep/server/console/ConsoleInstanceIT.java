package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Tests in a real browser the page of an instance: settings, tags, windows, policies, ceilings, estimates, removal. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleInstanceIT extends ConsoleTesting {

    @Test
    void scheduleForm_withInvalidFields_showsEachErrorAtItsField() {
        String instanceId = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
        expect(page.locator("main > .notice.bad")).containsText("127.0.0.1:1");

        page.getByLabel("Start scans automatically").check();

        // The first start is in the past.
        page.getByLabel("First start (UTC)").fill("2020-01-01T00:00:00");
        press(page, "Save");
        expect(fieldError(page, "automatic-firstScanAt"))
                .containsText("First start (UTC) is '2020-01-01T00:00:00Z', must be later");
        expect(page.getByLabel("Start scans automatically")).isChecked();

        // The interval is no duration.
        page.getByLabel("First start (UTC)").fill("2099-01-01T02:00:00");
        page.locator("#automatic-interval").fill("abc");
        press(page, "Save");
        expect(fieldError(page, "automatic-interval"))
                .hasText("Interval is 'abc', must be a duration such as 12 h, 1 d or 90 min.");

        // The timeout is too short.
        page.locator("#automatic-interval").fill("1 h");
        page.locator("#automatic-timeout").fill("1 min");
        press(page, "Save");
        expect(fieldError(page, "automatic-timeout")).hasText("Timeout is '1 min', must be at least 2 h.");

        // The number of keys is too small.
        page.locator("#automatic-timeout").fill("2 h");
        page.getByLabel("Keys per SCAN call").fill("5");
        press(page, "Save");
        expect(fieldError(page, "automatic-scanKeysCount")).hasText("Keys per SCAN call is '5', must be 10 to 1000.");

        // All fields are valid now, so the page shows the next starts.
        page.getByLabel("Keys per SCAN call").fill("500");
        press(page, "Save");
        expect(page.getByText("2099-01-01 02:00:00 UTC").first()).isVisible();
        expect(page.locator("#next-starts li")).hasCount(10);
        expect(page.locator("#automatic-interval")).hasValue("1 h");
        expect(page.locator(".problem")).hasCount(0);
    }

    @Test
    void registrationAndScanForms_withInvalidInput_showItWithTheError() {
        // The form of the registration has an unknown scheme.
        Page page = console.browser().signedIn(admin, "/console/register");
        page.getByLabel("Name").fill("kept");
        page.getByLabel("URI").fill("http://nowhere");
        press(page, "Register");
        expect(page.getByLabel("Name")).hasValue("kept");
        expect(page.locator("#register-uri-hint .problem")).isVisible();

        // The form of a scan has a timeout of zero.
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Scan now…").click();
        page.locator("#scan-timeoutSeconds").fill("0");
        press(page, "Start scan");
        expect(fieldError(page, "scan-timeoutSeconds"))
                .hasText("Timeout is '0 s', must be a duration from 1 s to 60 d, such as 90 min, 12 h or 1 d.");

        // The server of the scan cannot be reached.
        String unreachable = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        page.navigate("/console/instances/" + unreachable);
        page.getByText("Scan now…").click();
        press(page, "Start scan");
        expect(page.getByRole(AriaRole.ALERT).first()).containsText("127.0.0.1:1");
    }

    @Test
    void serverSection_showsTheKeysOfTheLastInspection_andNoneWhileTheServerIsDown() {
        String instanceId;
        Page page;
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = server.client()) {
            client.call("MSET", "a", "1", "b", "2");
            client.call("SET", "with-ttl", "3", "EX", "3600");
            instanceId = console.register(admin, console.newName(), server.uri());
            page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
            expect(page.locator("#keys")).hasText("3, with a TTL: 1");
        }

        press(page, "Refresh");
        expect(page.locator("#keys")).hasText("–");
    }

    @Test
    void tagsForm_refusesInvalidTags_andSavesValidTags() {
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
        expect(page.locator("#tags")).hasText("–");

        // The value of the second tag is invalid.
        page.getByText("Tags…").click();
        page.locator("#tags-tags").fill("env=prod, team=a*b");
        press(page, "Save tags");
        expect(fieldError(page, "tags-tags")).containsText("Tag team is 'a*b', must be a text of 0 to 255 letters");
        expect(page.locator("#tags-tags")).hasValue("env=prod, team=a*b");

        // The form sets two tags, and then removes one of them.
        page.locator("#tags-tags").fill("env=prod, team=shop");
        press(page, "Save tags");
        expect(page.locator("#tags")).hasText("env=prod, team=shop");

        page.getByText("Tags…").click();
        page.locator("#tags-tags").fill("team=shop");
        press(page, "Save tags");

        expect(page.locator("#tags")).hasText("team=shop");

        // The audit log has the change, and that a session of the console made it.
        String entries = console.service()
                .call(admin, "GET", "/api/v1/audit?resource=" + instanceId, "")
                .response()
                .body();
        assertThat(entries).contains("changeInstance", "\"session\"");
    }

    @Test
    void ceilingsForm_setsCeilings_andTheScanFormRefusesAFasterScan() {
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
        expect(page.locator("#ceilings")).containsText("No ceiling is set.");

        // The share is too high. The form keeps its other values.
        page.getByText("Change the ceilings of this instance…").click();
        page.locator("#ceilings-maxShare").fill("2");
        page.locator("#ceilings-maxReplicaLagBytes").fill("64 MiB");
        press(page, "Save ceilings");
        expect(fieldError(page, "ceilings-maxShare"))
                .hasText("Highest share is '2', must be a number from 0.001 to 1.");
        expect(page.locator("#ceilings-maxReplicaLagBytes")).hasValue("64 MiB");

        // The form sets a profile and a rate.
        page.locator("#ceilings-maxShare").fill("");
        page.locator("#ceilings-maxProfile").selectOption("gentle");
        page.locator("#ceilings-maxRate").fill("100");
        press(page, "Save ceilings");
        expect(page.locator("#ceilings")).containsText("gentle (the instance)");

        // A scan above the ceilings is refused.
        page.getByText("Scan now…").click();
        page.locator("#scan-profile").selectOption("full");
        page.locator("#scan-rateCeiling").fill("101");
        press(page, "Start scan");
        expect(fieldError(page, "scan-profile"))
                .hasText("Profile is 'full', must be at most gentle (fastest profile of the instance).");
        expect(fieldError(page, "scan-rateCeiling"))
                .hasText("Rate ceiling (keys/s) is '101', must be at most 100 (highest rate of the instance).");

        // The ceilings of the project have a separate page, with fields for tags.
        page.navigate("/console/ceilings");
        expect(page.getByRole(AriaRole.HEADING, heading("Ceilings"))).isVisible();
        page.getByText("Change the ceilings of the project…").click();
        expect(page.locator("#ceilings-tag-0-key")).isVisible();
    }

    @Test
    void settingsForm_testsTheConnectionWithoutSaving_andSavesOnRequest() {
        Page page = console.browser().signedIn(admin);
        String name = console.newName();
        page.navigate("/console/instances/" + console.register(admin, name, ConsoleFixture.UNREACHABLE_URI));

        // The server of the instance cannot be reached.
        page.getByText("Settings…").click();
        page.locator("#settings-test").click();
        expect(page.locator("#settings-check")).containsText("It cannot be swept: ");

        // The test uses the address in the form. The instance keeps its address.
        page.locator("#settings-uri").fill(console.redisUri());
        page.locator("#settings-test").click();
        expect(page.locator("#settings-check")).containsText("It can be swept.");
        expect(page.locator("#settings-check li")).containsText("Redis 7.0.");
        expect(page.locator("h1 + p")).hasText(ConsoleFixture.UNREACHABLE_URI);

        // The form changes the name and the address.
        page.locator("#settings-name").fill(name + "-new");
        press(page, "Save settings");
        expect(page.getByRole(AriaRole.HEADING, heading(name + "-new"))).isVisible();
        expect(page.locator("h1 + p")).hasText(console.redisUri());
        expect(page.getByText("Redis 7.0.").first()).isVisible();
    }

    @Test
    void windowsAndStartPolicyForms_showErrorsAtTheirField_orSaveValidValues() {
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);

        // One time of the windows cannot be read.
        page.getByText("Change the windows of this instance…").click();
        page.getByLabel("Monday, window 1").check();
        page.getByLabel("Sunday, window 1").check();
        page.locator("#from-0").fill("22:00");
        page.locator("#until-0").fill("6 am");
        page.locator("#windows-timeZone").fill("Asia/Shanghai");
        page.locator("#windows-spreadMinutes").fill("2 h");
        press(page, "Save windows");
        expect(page.locator("#windows table .problem")).containsText("Until is '6 am'");
        expect(page.locator("#from-0")).isFocused();
        expect(page.locator("#from-0")).hasAttribute("aria-describedby", "window-0-problem");
        expect(page.locator("#from-0")).hasValue("22:00");

        // Both times can be read.
        page.locator("#until-0").fill("06:00");
        press(page, "Save windows");
        expect(page.locator("#windows")).containsText("Monday, Sunday 22:00–06:00 Asia/Shanghai");
        expect(page.locator("#windows")).containsText("spread over 2 h.");

        // The percentage of the start policy is too high.
        page.getByText("Change the start policy of this instance…").click();
        page.locator("#start-policy-deadPercent").fill("250");
        press(page, "Save start policy");
        expect(fieldError(page, "start-policy-deadPercent")).containsText("Dead keys (%) is '250'");
        page.locator("#start-policy-deadPercent").fill("12.5");
        press(page, "Save start policy");
        expect(page.locator("#start-policy")).containsText("at least 12.5 % of the keys");
    }

    @Test
    void instanceWithAnActiveScan_canBeRemovedOnlyAfterTheScanHasEnded() {
        Page page = console.browser().signedIn(admin);
        String name = console.newName();
        String instanceId = console.register(admin, name, console.redisUri());
        String scanId = console.startSlowScan(instanceId);

        page.navigate("/console/instances/" + instanceId);
        page.getByText("Remove…").click();
        press(page, "Remove " + name);

        expect(page.getByRole(AriaRole.ALERT).first()).hasText("Remove it once the scan has ended.");

        console.finishScan(scanId);
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Remove…").click();
        press(page, "Remove " + name);

        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        expect(page.locator("#instances")).not().containsText(name);
    }

    @Test
    void settingsThatAreLeftRaised_areShownWithTheirCommands_andMustBeConfirmedAtTheRemoval() {
        String name = console.newName();
        String instanceId = console.register(admin, name, console.redisUri());
        console.leaveRaised(instanceId, "192.0.2.8:6379");
        Page page = console.browser().signedIn(admin, "/console?state=problem");
        expect(page.locator("#instances tr").filter(new Locator.FilterOptions().setHasText(name)))
                .containsText("assist has left settings of 192.0.2.8:6379 raised");

        page.navigate("/console/instances/" + instanceId);
        expect(page.locator("main > .notice.bad")).containsText("Assist raised settings of 192.0.2.8:6379");
        expect(page.locator("#restore-0-0")).hasText("CONFIG SET hz 10");

        page.getByText("Remove…").click();
        press(page, "Remove " + name);
        expect(page.getByRole(AriaRole.ALERT).first())
                .containsText("192.0.2.8:6379: CONFIG SET hz 10. To remove the instance anyway, tick the box.");

        // The form is still open.
        page.getByLabel("Remove it although").check();
        press(page, "Remove " + name);
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        expect(page.locator("#instances")).not().containsText(name);
    }

    @Test
    void settingsThatAreLeftRaised_canBeForgotten() {
        String name = console.newName();
        String instanceId = console.register(admin, name, console.redisUri());
        console.leaveRaised(instanceId, "192.0.2.10:6379");
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);

        page.getByText("Forget raised settings…").click();
        press(page, "Forget raised settings");

        expect(page.locator("main > .notice.bad")).hasCount(0);
        expect(page.getByRole(AriaRole.HEADING, heading(name))).isVisible();
    }

    @Test
    void openPageOfAnInstance_thatIsRemoved_saysThatItWasRemoved() {
        String instanceId = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
        expect(page.locator("#removed")).isHidden();

        console.service().call(admin, "DELETE", "/api/v1/instances/" + instanceId, "");
        expect(page.locator("#removed")).containsText("What this page shows was removed");

        // A form of the page leads to an error page, which gets the focus.
        press(page, "Estimate");
        expect(page.getByRole(AriaRole.HEADING, heading("Not found"))).isVisible();
        expect(page.locator("main")).isFocused();
        page.getByText("Go to the overview").click();
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
    }

    @Test
    void estimateForm_showsPictureForecastAndAdvice_orTheReasonOfARefusal() {
        console.plantDeadKeys();
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);

        expect(page.locator("#insight")).isEmpty();

        // Without a replica, the primary is sampled only if the user allows it.
        press(page, "Estimate");
        expect(page.locator("#estimate").getByRole(AriaRole.ALERT)).containsText("replica");

        // The depth of the prefixes is too large.
        page.locator("#by-prefix summary").click();
        page.locator("#by-prefix input[type=checkbox]").check();
        page.locator("#estimate-depth").fill("99");
        press(page, "Estimate");
        expect(fieldError(page, "estimate-depth")).containsText("Parts is '99', must be");

        // The estimate shows dead keys, TTLs, a forecast, advice and prefixes.
        page.locator("#estimate-depth").fill("1");
        page.locator("#estimate").getByLabel("Sample the primary").check();
        press(page, "Estimate");
        expect(page.locator("#estimate")).containsText("Dead keys (");
        expect(page.locator("#estimate")).containsText(admin.accessKey());
        expect(page.locator("#ttls tbody tr")).hasCount(10);
        expect(page.locator("#ttls")).containsText("no TTL");
        expect(page.locator("#forecast")).containsText("living keys with a TTL die");
        expect(page.locator("#advice")).containsText("this is the one that takes the least");
        expect(page.locator("#prefixes tbody tr").first()).containsText("live:");
        expect(page.locator("#prefixes tbody tr").first()).containsText("unknown");
        expect(page.locator("#prefixes")).containsText("run CONFIG SET notify-keyspace-events Ex");

        // The stored estimate, which the page then shows, has no prefixes.
        page.reload();
        expect(page.locator("#sizes")).containsText("string");
        expect(page.locator("#prefixes")).hasCount(0);

        // A server that publishes the names of the keys that it removes has dead keys by prefix.
        console.plantDeadKeys();
        try (RespClient client = console.redis().client()) {
            client.call("CONFIG", "SET", "notify-keyspace-events", "Ex");
            page.locator("#by-prefix summary").click();
            page.locator("#by-prefix input[type=checkbox]").check();
            page.locator("#estimate").getByLabel("Sample the primary").check();
            press(page, "Estimate");
            expect(page.locator("#prefixes tbody tr").first()).containsText("dead:");
            expect(page.locator("#prefixes tbody tr").first().locator("td").first())
                    .hasText(Pattern.compile("\\d[\\d,]*"));
            client.call("CONFIG", "SET", "notify-keyspace-events", "");
        }
    }

    @Test
    void advice_dependingOnItsAction_offersAButtonOrACommandOrNothing() {
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        console.service()
                .call(admin, "POST", "/api/v1/instances/" + instanceId + "/estimates", "{\"samplePrimary\":true}");

        // If the advice is to do nothing, the page offers nothing.
        Page page = console.browser().signedIn(admin, console.advise(instanceId, "NOTHING", /* proposedStart= */ null));
        expect(page.locator("#advice")).containsText("You do not need Keysweep here");
        expect(page.locator("#advice")).not().containsText("switched off");
        expect(page.locator("#advice button")).hasCount(0);

        // It says how sure it is, and each way has its longest pause, which is unknown for the second one.
        expect(page.locator("#advice-basis")).containsText("rest on a measurement");
        page.getByText("All ways compared").click();
        expect(page.locator("#advice tbody tr").first()).containsText("4.3 ms");
        expect(page.locator("#advice tbody tr").last()).containsText("unknown");

        // If the advice is to change settings that the server does not report, the page says to ask its provider.
        page.navigate(console.advise(instanceId, "SETTING", /* proposedStart= */ null, /* settingsRefused= */ true));
        expect(page.locator("#advice")).containsText("Ask its provider for");
        expect(page.locator("#provider-setting")).hasText("active-expire-effort 10, hz 100");
        expect(page.locator("#command-0")).hasCount(0);

        // If the advice is to change settings of the server, the page shows the commands.
        page.navigate(console.advise(instanceId, "SETTING", /* proposedStart= */ null));
        expect(page.locator("#command-0")).hasText("CONFIG SET active-expire-effort 10");
        expect(page.locator("#command-1")).hasText("CONFIG SET hz 100");
        expect(page.locator("#follow-advice")).hasCount(0);

        // If the advice is to scan once, the page has a button that starts the scan now or at the proposed time.
        page.navigate(console.advise(instanceId, "FULL_SWEEP", /* proposedStart= */ null));
        expect(page.locator("#follow-advice")).hasText("Start a scan now");
        expect(page.locator("#advice")).containsText("seems to be switched off (DEBUG SET-ACTIVE-EXPIRE 0)");
        page.navigate(console.advise(instanceId, "FULL_SWEEP", "2099-01-01T03:00:00Z"));
        press(page, "Start one scan at 2099-01-01 03:00:00 UTC");
        expect(page.locator("#next-starts li").first()).hasText("2099-01-01 03:00:00 UTC");

        // The advice can be to assist, that is, to raise settings for a while. Once assist is allowed, the advice
        // offers passes: automatic scans that assist first and keep the dead keys below a target.
        page.navigate(console.advise(instanceId, "ASSIST", /* proposedStart= */ null));
        press(page, "Allow assist");
        press(page, "Switch passes on, for at most 1,000 dead keys");
        expect(page.locator("#advice")).containsText("Passes are on");
        expect(page.locator("#start-policy")).containsText("no more than 1,000 dead keys");

        // The advice for a continuous way is followed by the same passes for a target.
        for (String action : List.of("CONTINUOUS_ASSIST", "CONTINUOUS_PASSES")) {
            page.navigate(console.advise(instanceId, action, /* proposedStart= */ null));
            expect(page.locator("#advice")).containsText("at its target");
            expect(page.locator("#advice")).containsText("Passes are on");
        }

        // The advice to switch passes on, which are already on.
        page.navigate(console.advise(instanceId, "PASSES", /* proposedStart= */ null));
        expect(page.locator("#advice button")).hasCount(0);
    }

    /** Returns the message at a field of a form. */
    private static Locator fieldError(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }
}
