package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.TimelineEventView;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;

/** Tests how pages of the console show amounts and times. */
final class PageFormatTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final PageFormat format = new PageFormat(NOW, Catalogue.messages(), Locale.ENGLISH);

    @AfterEach
    void resetLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void numbersSizesAndDurations_haveTheFormatOfTheCommandLine() {
        assertThat(format.number(1_234)).isEqualTo("1,234");
        assertThat(format.bytes(1_048_576L)).isEqualTo("1.0 MiB");
        assertThat(format.bytes(/* bytes= */ null)).isEqualTo("–");
        assertThat(format.millis(1.25)).isEqualTo("1.3 ms");
        assertThat(format.percent(0.99999)).isEqualTo("99 %");
        assertThat(format.span(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(format.seconds(90)).isEqualTo("1 min 30 s");
    }

    @Test
    void product_ofAnUnknownServer_isInTheLanguageOfThePage() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(PageFormat.product("REDIS", "7.0.15")).isEqualTo("Redis 7.0.15");
        assertThat(PageFormat.product("UNKNOWN", "1.2")).isEqualTo("Unknown server 1.2");

        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(PageFormat.product("UNKNOWN", "1.2")).isEqualTo("未知服务器 1.2");
        assertThat(format.productName("VALKEY")).isEqualTo("Valkey");
    }

    @Test
    void ceiling_ofEachField_isInTheWordsOfThePage() {
        assertThat(format.ceiling("maxProfile", "gentle")).isEqualTo("gentle");
        assertThat(format.ceiling("maxShare", "0.25")).isEqualTo("0.25");
        assertThat(format.ceiling("maxRate", "200000")).isEqualTo("200,000");
        assertThat(format.ceiling("maxLatencyMs", "100.0")).isEqualTo("100");
        assertThat(format.ceiling("maxReplicaLagBytes", "67108864")).isEqualTo("64.0 MiB");
        assertThat(format.ceiling("maxEvictions", "1000")).isEqualTo("1,000");
        assertThat(format.ceiling("namesStay", "true")).isEqualTo("yes");
        assertThat(format.ceiling("assist", "false")).isEqualTo("forbidden");
    }

    @Test
    void relative_ofAPastOrFutureTime_saysHowLongAgoOrInWhatTime() {
        assertThat(format.relative(NOW)).isEqualTo("now");
        assertThat(format.relative(NOW.minusSeconds(90))).isEqualTo("2 min ago");
        assertThat(format.relative(NOW.plusSeconds(7_200))).isEqualTo("in 2 h");
    }

    @Test
    void eventInChinese_hasTranslatedTextsOfTheService_andUnchangedTextsOfUsers() {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        PageFormat chinese = new PageFormat(NOW, Catalogue.messages(), Locale.SIMPLIFIED_CHINESE);

        // The service has recorded this text.
        TimelineEventView lost = event("node-lost", /* by= */ null, "reconnecting: connection broke");
        assertThat(chinese.account(lost)).isEqualTo("正在重新连接：连接中断");
        assertThat(chinese.originator(lost)).isNull();

        // A user has given this reason, which happens to be a text of the service. The name of the user does, too.
        TimelineEventView paused = event("paused", "script", "connection broke");
        assertThat(chinese.account(paused)).isEqualTo("connection broke");
        assertThat(chinese.originator(paused)).isEqualTo("script");
        assertThat(chinese.account(event("paused", "oidc:anna b", "connection broke")))
                .isEqualTo("connection broke");

        // The service has started the scan.
        assertThat(chinese.originator(event("created", "automatic scan", /* why= */ null)))
                .isEqualTo("自动扫描");
    }

    @Test
    void tomorrow_isTwoOClockOfTheNextDay() {
        assertThat(format.tomorrow()).isEqualTo("2026-11-27 02:00");
    }

    /** Returns an event of a timeline. */
    private static TimelineEventView event(String type, @Nullable String by, @Nullable String why) {
        return new TimelineEventView(
                type,
                NOW,
                /* until= */ null,
                by,
                why,
                /* detail= */ null,
                /* scope= */ null,
                /* nodeId= */ null,
                /* times= */ 1);
    }
}
