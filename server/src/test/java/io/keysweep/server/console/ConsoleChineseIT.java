package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService.Credentials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Tests in a real browser that the Chinese console shows errors of forms and results of connection tests in Chinese.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleChineseIT extends ConsoleTesting {

    private static final String PASSWORD = "correct horse battery";

    /** Three English words in a row, outside of quotes. Names in lists are separated by commas. */
    private static final Pattern ENGLISH_WORDS = Pattern.compile("[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}");

    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    /** Texts that nearly every field refuses: no word, too long, too small, too large, a past date, and nothing. */
    private static final List<String> WRONG_INPUTS =
            List.of("!!", "x".repeat(5_000), "-1", "999999999999999", "2001-01-01 00:00", "http://", "");

    /** The index of a field that stands for all fields of a form. */
    private static final int ALL_FIELDS = -1;

    /**
     * Sends one form of the page with a text in one or in all of its fields, and returns the errors in the response.
     * Returns null if there is no such field. The form of the global hold is left out, because it would pause the scans
     * of other tests. A field named {@code reason} accepts any short text, so it gets a text that is too long. The
     * check box {@code prefixes} is ticked, because the service reads the fields about prefixes only then.
     */
    private static final String SEND_FORM = """
            async ([index, field, text, tooLong]) => {
              const form = [...document.querySelectorAll('main form[method=post]')][index];
              const fields = [...form.querySelectorAll('input:not([type=hidden]):not([type=checkbox]), textarea')];
              if (field >= fields.length || !fields.length || form.action.endsWith('/holds/all')) return null;
              form.reset();
              (field < 0 ? fields : [fields[field]]).forEach(each => {
                each.value = each.name === 'reason' ? tooLong : text;
              });
              form.querySelectorAll('[name=prefixes]').forEach(each => { each.checked = true; });
              const answer = await fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))});
              const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
              return [...page.querySelectorAll('.problem, [role=alert]:not(#connection-lost, #removed)')]
                .map(each => each.textContent.trim());
            }
            """;

    private String project;
    private String api;

    @BeforeAll
    void prepare() {
        project = "/console/projects/" + admin.projectId();
        api = "/api/v1/projects/" + admin.projectId();
    }

    @Test
    void wrongInput_inEachForm_isExplainedInChinese() {
        // Each page needs content. Some of the wrong inputs are valid passwords and change the password of
        // chinese-user, so chinese-self signs in below.
        addUser("chinese-user");
        addUser("chinese-self");
        call(
                "PUT",
                api + "/access-policies/chinese",
                "{\"statements\":[{\"effect\":\"deny\",\"actions\":[\"dcs:*\"]}]}");
        String webhook = console.service()
                .call(admin, "POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:1/x\"}")
                .body()
                .get("id")
                .asString();
        String key = console.accessKey(admin, "dcs:instance:list").accessKey();
        String down = console.register(admin, "chinese-down", ConsoleFixture.UNREACHABLE_URI);
        String scan = console.startSlowScan(console.register(admin, "chinese-up", console.redisUri()));

        // The administrator sends wrong input in all forms of these pages.
        Page page = signedIn(admin.accessKey(), admin.secretKey());
        Map<String, List<String>> problemsByPage = new LinkedHashMap<>();
        Stream.of(
                        "/console/projects",
                        project,
                        project + "/access-keys",
                        project + "/access-keys/" + key,
                        project + "/users",
                        project + "/users/chinese-user",
                        project + "/access-policies",
                        project + "/access-policies/chinese",
                        "/console/register",
                        "/console/instances/" + down,
                        "/console/scans/" + scan,
                        "/console/policies",
                        "/console/ceilings",
                        "/console/webhooks",
                        "/console/webhooks/" + webhook,
                        "/console/holds")
                .forEach(path -> problemsByPage.put(path, sendWrongInputs(page, path)));

        // A user sends wrong input in the forms about the own password and the own keys.
        Page user = signedIn("chinese-self", PASSWORD);
        problemsByPage.put("/console/password", sendWrongInputs(user, "/console/password"));
        problemsByPage.put("own keys", sendWrongInputs(user, project + "/access-keys"));

        console.finishScan(scan);

        // Each page shows problems, all of them in Chinese.
        assertThat(problemsByPage)
                .allSatisfy((path, problems) -> assertThat(problems).isNotEmpty());
        assertThat(problemsByPage.values().stream()
                        .flatMap(List::stream)
                        .distinct()
                        .filter(text -> !isChinese(text)))
                .isEmpty();
    }

    @Test
    void refusals_becauseOfTakenNamesUnknownNamesAndCeilings_areInChinese() {
        String instance = console.register(admin, "chinese-orders", console.redisUri());
        addUser("chinese-taken");
        call("PUT", api + "/ceilings", "{\"maxShare\":0.1,\"maxProfile\":\"gentle\"}");
        Page page = signedIn(admin.accessKey(), admin.secretKey());

        // A project, an instance and a user with this name exist.
        page.navigate("/console/projects");
        page.locator("#create-name").fill("ConsoleChineseIT");
        press(page, "创建项目");
        expectChinese(page.locator("#create-name-hint .problem"), "已有名为 'ConsoleChineseIT' 的项目");

        page.navigate("/console/register");
        page.locator("#register-name").fill("chinese-orders");
        page.locator("#register-uri").fill("redis://127.0.0.1:1");
        page.locator("main form[action='/console/register'] button.primary").click();

        expectChinese(page.locator("#register-name-hint .problem"), "chinese-orders");

        page.navigate(project + "/users");
        page.locator("#create-name").fill("chinese-taken");
        page.locator("#create-password").fill(PASSWORD);
        press(page, "创建用户");

        expectChinese(page.locator("#create-name-hint .problem"), "chinese-taken");

        // No instance has this name.
        page.navigate(project + "/access-keys");
        page.locator("#create-instances").fill("nonsense");
        press(page, "创建访问密钥");
        expectChinese(page.locator("#create-instances-hint .problem"), "实例的名称或 ID");

        // The profile is above a ceiling of the project.
        page.navigate("/console/instances/" + instance);
        page.locator("form[action$='/scan'] select[name=profile]").evaluate("each => each.value = 'full'");
        page.locator("form[action$='/scan']").evaluate("form => form.requestSubmit()");
        expectChinese(page.locator("#scan-profile-hint .problem"), "不超过 gentle（项目的“最快的档位”）");
        call("DELETE", api + "/ceilings", "");
    }

    @Test
    void tests_ofConnectionsAndWebhooks_showTheirResultInChinese() {
        Page page = signedIn(admin.accessKey(), admin.secretKey());

        // The test of a connection before the registration, without and with a server.
        page.navigate("/console/register");
        page.locator("#register-uri").fill(ConsoleFixture.UNREACHABLE_URI);
        page.locator("#register-test").click();
        expectChinese(page.locator("#register-check .notice"), "无法清扫：127.0.0.1:1 不接受连接：Connection refused");
        page.locator("#register-uri").fill(console.redisUri());
        page.locator("#register-test").click();
        expectChinese(page.locator("#register-check .notice"), "可以清扫");
        expectChinese(page.locator("#register-check li"), "方法 脚本（计数精确");

        // The test of the connection of an instance, on its page and on the overview.
        String instance = console.register(admin, "chinese-tested", ConsoleFixture.UNREACHABLE_URI);
        page.navigate("/console/instances/" + instance);
        page.locator("#change-settings").click();
        page.locator("#settings-test").click();
        expectChinese(page.locator("#settings-check .notice"), "127.0.0.1:1 不接受连接：Connection refused");
        page.locator("form[action$='/refresh']").evaluate("form => form.requestSubmit()");
        expectChinese(page.locator(".notice.bad:has-text('127.0.0.1:1 不接受连接')"), "不接受连接");
        page.navigate("/console");
        expectChinese(page.locator("p.problem:has-text('127.0.0.1:1 不接受连接')").first(), "不接受连接");

        // A webhook is created and tested.
        page.navigate("/console/webhooks");
        page.locator("#webhook-url").fill("http://127.0.0.1:1/chinese");
        page.locator("#webhook-heldMinutes").fill("90 s");
        press(page, "创建 webhook");
        expectChinese(page.locator("#webhook-heldMinutes-hint .problem"), "1 min 到 30 d 的整分钟时长");
        page.locator("#webhook-heldMinutes").fill("90 min");
        press(page, "创建 webhook");
        page.locator("#webhooks a[href]:has-text('/chinese')").click();
        press(page, "发送测试消息");
        expectChinese(page.locator("#deliveries .problem"), "该地址没有服务在监听");
    }

    @Test
    void signIn_withADisabledKeyOrAWrongSecret_isRefusedInChinese() {
        Credentials key = console.accessKey(admin, "dcs:instance:list");
        call("PATCH", api + "/access-keys/" + key.accessKey(), "{\"disabled\":true}");
        Page page = console.browser().open(/* width= */ 1_200, /* height= */ 900, "zh-CN");

        // The key is disabled.
        signIn(page, key.accessKey(), key.secretKey());
        expectChinese(page.getByRole(AriaRole.ALERT), "已停用");

        // The secret is wrong. Any Chinese message is right.
        signIn(page, key.accessKey(), "wrong");
        expectChinese(page.getByRole(AriaRole.ALERT), "");
    }

    /** Sends each form of a page with each wrong text, and returns all errors. */
    private static List<String> sendWrongInputs(Page page, String path) {
        List<String> problems = new ArrayList<>();
        page.navigate(path);
        int forms = page.locator("main form[method=post]").count();
        assertThat(forms).as(path).isPositive();
        for (int form = 0; form < forms; form++) {
            for (String text : WRONG_INPUTS) {
                send(page, form, ALL_FIELDS, text, problems);
            }
            // Each field gets wrong input alone, because a field that cannot be read hides the errors of other fields.
            // send returns false, and the loop ends, when the form has no field with this index.
            for (int field = 0; send(page, form, field, "!!", problems); field++) {
                send(page, form, field, "-1", problems);
            }
        }
        return problems;
    }

    /** Sends a form and adds the errors of the response. Returns false if the form has no such field. */
    private static boolean send(Page page, int form, int field, String text, List<String> problems) {
        Object found = page.evaluate(SEND_FORM, List.of(form, field, text, "x".repeat(5_000)));
        if (!(found instanceof List<?> list)) {
            return false;
        }
        list.forEach(each -> problems.add(String.valueOf(each)));
        return true;
    }

    /** Returns whether a text has Chinese characters and no English words, except in quotes. */
    private static boolean isChinese(String text) {
        return text.codePoints().anyMatch(Character::isIdeographic)
                && !ENGLISH_WORDS.matcher(QUOTED.matcher(text).replaceAll("")).find();
    }

    /** Checks that a message contains a text, and is in Chinese. */
    private static void expectChinese(Locator problem, String text) {
        expect(problem).containsText(text);
        assertThat(problem.innerText()).matches(ConsoleChineseIT::isChinese);
    }

    private Page signedIn(String name, String secret) {
        Page page = console.browser().open(/* width= */ 1_200, /* height= */ 900, "zh-CN");
        signIn(page, name, secret);
        expect(page.locator("header nav")).isVisible();
        return page;
    }

    private static void signIn(Page page, String name, String secret) {
        page.navigate("/console/sign-in");
        page.getByLabel("访问密钥").fill(name);
        page.getByLabel("秘密密钥").fill(secret);
        press(page, "登录");
    }

    private void addUser(String name) {
        call(
                "POST",
                api + "/users",
                "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"policies\":[\"viewer\"]}");
    }

    private void call(String method, String path, String body) {
        assertThat(console.service().call(admin, method, path, body).status())
                .as(path)
                .isBetween(200, 299);
    }
}
