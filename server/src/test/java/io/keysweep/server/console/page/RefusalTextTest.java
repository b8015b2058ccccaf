package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.i18n.LocaleContextHolder;

/** Tests the messages of refused forms, and that each translated text still occurs in the sources. */
final class RefusalTextTest {

    private static final List<Path> SOURCES = List.of(
            Path.of("src/main/java"),
            Path.of("..", "engine", "src", "main", "java"),
            Path.of("..", "api", "src", "main", "java"));
    private static final Path TEMPLATES = Path.of("src/main/resources/templates/console");

    /**
     * Finds the names of fields in templates, in calls such as {@code field(form, 'name', …)} and {@code
     * formError.at(form, 'name')}.
     */
    private static final Pattern FORM_FIELD = Pattern.compile("(?:[fF]ield|secret|pem|\\.at)\\([^,()]+, '(\\w+)'[,)]");

    /** Finds a name of several words, such as {@code maxRate} or {@code first_scan_at}. */
    private static final Pattern SEVERAL_WORDS = Pattern.compile("[a-z][A-Z_]");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d)[!#]?}");

    /** Finds the place where two literals are joined with a plus. */
    private static final Pattern JOIN_OF_LITERALS = Pattern.compile("\"\\s*\\+\\s*\"");

    @AfterEach
    void resetLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void sentence_ofAFieldProblem_hasTheLabelOrTheTranslation() {
        FieldProblem problem = FieldProblem.of("windows[0].from", "25:00", "a time of the day from 00:00 to 23:59");
        LocaleContextHolder.setLocale(Locale.ENGLISH);

        assertThat(RefusalText.sentence(problem))
                .isEqualTo("From is '25:00', must be a time of the day from 00:00 to 23:59.");

        // In Chinese, this problem and others have a translation.
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RefusalText.sentence(problem)).isEqualTo("开始：当前为 '25:00'，应为 00:00 到 23:59 的时刻。");
        assertThat(RefusalText.message(RequestRefusedException.fields(List.of(
                        FieldProblem.of("share", "2", Phrase.of("at most {0} ({1})", "0.2", Phrase.of("the project"))),
                        new FieldProblem("name", " is missing.")))))
                .isEqualTo("当前为 '2'，应为不超过 0.2（项目）。缺少此项。");
        assertThat(RefusalText.sentence(FieldProblem.of("status", "x", "waiting, running, success or failed")))
                .isEqualTo("当前为 'x'，应为 waiting、running、success 或 failed。");

        // A value that has no place in the translation is left out.
        assertThat(RefusalText.of(Phrase.of("The report is made when the scan has ended; it is still {0}.", "running")))
                .isEqualTo("报告在扫描结束后生成。");

        // A value that looks like a placeholder is not replaced.
        assertThat(RefusalText.sentence(FieldProblem.of("name", "{1}", "true or false")))
                .isEqualTo("当前为 '{1}'，应为 true 或 false。");

        // A detail without a translation is left out.
        assertThat(RefusalText.sentence(new FieldProblem("uri", Phrase.of(": {0}.", "host is missing"))))
                .startsWith("不是有效的 URI")
                .doesNotContain("missing");
    }

    @Test
    void message_inEnglish_containsTheLabelsOfFields_andNotTheirNamesInTheApis() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        Phrase ceiling = Phrase.of("{0} of {1}", "maxRate", Phrase.of("the instance"));

        assertThat(RefusalText.message(RequestRefusedException.parameter(
                        "rateCeiling", "101", Phrase.of("at most {0} ({1})", 100, ceiling))))
                .isEqualTo("Rate ceiling (keys/s) is '101', must be at most 100 (highest rate of the instance).");
        assertThat(RefusalText.message(RequestRefusedException.of(
                        ErrorCode.INVALID_FIRST_SCAN_AT,
                        Phrase.of("{0} is missing, required when enable_auto_scan is true.", "first_scan_at"))))
                .isEqualTo("First start (UTC) is missing, required to start scans automatically.");
        assertThat(RefusalText.sentence(FieldProblem.of("tags[0].maxShare", "2", "a number from 0.001 to 1")))
                .isEqualTo("Highest share is '2', must be a number from 0.001 to 1.");
        assertThat(RefusalText.sentence(FieldProblem.of("statements[1].tags.team", "a*b", "a text")))
                .isEqualTo("Tag team is 'a*b', must be a text.");

        // A value that is the name of a field is not replaced.
        assertThat(RefusalText.sentence(FieldProblem.of("nodeMap", "maxRate", "a map")))
                .isEqualTo("Node map is 'maxRate', must be a map.");
    }

    @Test
    void message_inChinese_containsTheLabelsOfFields_andNotTheirNamesInTheApis() {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        Phrase ceiling = Phrase.of("{0} of {1}", "maxRate", Phrase.of("the tag {0}", "env"));

        assertThat(RefusalText.message(RequestRefusedException.parameter(
                        "rateCeiling", "101", Phrase.of("at most {0} ({1})", 100, ceiling))))
                .isEqualTo("当前为 '101'，应为不超过 100（标签 env 的“最高速率”）。");

        // The label stands between Chinese quotes inside a sentence, and before a colon at its beginning.
        Phrase assist = Phrase.of("{0} of {1}", "assist", Phrase.of("the project"));
        assertThat(RefusalText.of(Phrase.of("{0} forbids it", assist))).isEqualTo("项目的“提高服务器的设置”禁止它");
        assertThat(RefusalText.of(Phrase.of("given together with {0}", "tlsKey")))
                .isEqualTo("与“客户端证书的私钥”一同填写");
        assertThat(RefusalText.sentence(FieldProblem.of("tags[0].maxShare", "2", "a number from 0.001 to 1")))
                .isEqualTo("最高占比：当前为 '2'，应为 0.001 到 1 的数。");
        assertThat(RefusalText.sentence(new FieldProblem("statements[1].tags.name", " is missing.")))
                .isEqualTo("标签 name：缺少此项。");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "is necessary, because no replica can be read: {0} | a:1 is a primary without a replica that Keysweep"
                        + " can read; a sample of the primary reclaims the dead keys in it, so it must be allowed"
                        + " explicitly | 必须选择，因为没有可读的副本：a:1 是没有可读副本的主节点；对主节点抽样会回收样本中的过期 key，因此必须明确允许。",
                "is not possible, because no replica can be read: {0} | a:1 has no replica that Keysweep can read,"
                        + " and an exact count requires one: on a primary, a scan of all keys is a sweep"
                        + " | 无法进行，因为没有可读的副本：a:1 没有可读的副本，而精确清点需要副本：在主节点上遍历所有 key 就是清扫。",
                "is necessary for this server: {0} | a:1 is neither Redis, Valkey nor Redict, so its cursors do not"
                        + " show how much a sample covers; only an exact count on a replica is possible"
                        + " | 对该服务器必须选择：a:1 不是 Redis、Valkey 或 Redict，它的游标不能说明样本覆盖了多少；只能在副本上精确清点。",
            })
    void sentence_ofARefusedEstimate_inChinese_containsTheCause(String requirement, String cause, String chinese) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RefusalText.sentence(new FieldProblem("exact", Phrase.of(" " + requirement, cause))))
                .isEqualTo(chinese);
    }

    @Test
    void sentence_ofEachFieldOfAForm_doesNotContainItsNameInTheApi() throws IOException {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            for (Path file : files.toList()) {
                FORM_FIELD
                        .matcher(Files.readString(file))
                        .results()
                        .map(field -> field.group(1))
                        .filter(name -> SEVERAL_WORDS.matcher(name).find())
                        .forEach(names::add);
            }
        }

        // If these names are missing, the pattern no longer fits the templates.
        assertThat(names).contains("firstScanAt", "deadPercent", "tlsKey", "maxProfile", "maxRate", "heldMinutes");
        names.addAll(List.of("first_scan_at", "scan_keys_count", "timeoutSeconds", "intervalSeconds"));
        assertThat(names)
                .allSatisfy(name -> assertThat(RefusalText.sentence(new FieldProblem(name, " is missing.")))
                        .endsWith(" is missing.")
                        .doesNotContain(name));
    }

    @Test
    void labels_areInTheMessageCatalogue() {
        assertThat(Catalogue.texts("messages.properties"))
                .containsKeys(EnglishRefusals.WORDING.labels().values().toArray(String[]::new));
    }

    @Test
    void text_withoutATranslation_staysEnglish() {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RefusalText.of(Phrase.of("It rains {0}.", "cats"))).isEqualTo("It rains cats.");

        // A refusal by a server has a Chinese sentence for its reason, even if its text has no translation.
        assertThat(RefusalText.message(new NodeRefusedException(
                        "10.0.0.1:6379", NodeRefusedException.Reason.REPLICA, "10.0.0.1:6379 is a replica")))
                .isEqualTo("10.0.0.1:6379 是副本；只能清扫主节点。（10.0.0.1:6379 is a replica）");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNREACHABLE | a:1 accepts no connection: Connection refused | a:1 不接受连接：Connection refused",
                "UNREACHABLE | a:1 accepts no more clients (maxclients reached); close some, raise maxclients, or try"
                        + " again later | a:1 不再接受客户端（已达到 maxclients）；请关闭一些、提高 maxclients，或稍后再试",
                "COMMAND_FORBIDDEN | a:1 does not know the command EVAL; the provider may have renamed or disabled it"
                        + " | a:1 没有命令 EVAL；云服务商可能已改名或禁用它",
            })
    void message_ofARefusedServer_containsTheCauseInTheLanguageOfTheUser(
            NodeRefusedException.Reason reason, String english, String chinese) {
        NodeRefusedException refusal = new NodeRefusedException("a:1", reason, english);

        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RefusalText.message(refusal)).isEqualTo(chinese);

        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(RefusalText.message(refusal)).isEqualTo(english);
    }

    @Test
    void translations_belongToTextsInTheSources_andUseOnlyTheirPlaceholders() throws IOException {
        // The sources have these texts in one piece.
        String sources = sources();
        Stream.<Collection<Map<String, String>>>of(
                        List.of(EnglishRefusals.WORDING.texts(), RefusalText.CHINESE.texts()),
                        RefusalText.CHINESE.fields().values())
                .flatMap(Collection::stream)
                .flatMap(texts -> texts.entrySet().stream())
                .forEach(text -> {
                    // An assertion on the sources themselves would print all of them if it fails.
                    assertThat(sources.contains('"' + text.getKey().replace("\"", "\\\"") + '"'))
                            .as("a source has the text: " + text.getKey())
                            .isTrue();
                    assertThat(placeholders(text.getKey()))
                            .as(text.getKey())
                            .containsAll(placeholders(text.getValue()));
                });

        // Recorded texts are stored in English, and translated when they are shown. The sources join them from parts
        // and values, so the test searches for each part.
        Stream.of(EnglishRefusals.WORDING.recorded(), RefusalText.CHINESE.recorded())
                .flatMap(texts -> texts.entrySet().stream())
                .forEach(text -> {
                    PLACEHOLDER
                            .splitAsStream(text.getKey())
                            .map(part -> part.replaceAll("^[:;. ]+|[:;. ]+$", ""))
                            .forEach(part -> assertThat(sources.contains(part))
                                    .as("a source has the text: " + part)
                                    .isTrue());
                    assertThat(placeholders(text.getKey()))
                            .as(text.getKey())
                            .containsAll(placeholders(text.getValue()));
                });

        assertThat(RefusalText.CHINESE.nodes()).containsOnlyKeys(NodeRefusedException.Reason.values());
        assertThat(Map.copyOf(RefusalText.CHINESE.names())).isNotEmpty();
    }

    /** Returns all sources of the service and the engine. Literals that are joined with a plus become one literal. */
    private static String sources() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    sources.append(
                            JOIN_OF_LITERALS.matcher(Files.readString(file)).replaceAll(""));
                }
            }
        }
        return sources.toString();
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(placeholder -> placeholder.group(1))
                .collect(Collectors.toSet());
    }
}
