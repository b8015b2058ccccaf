package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.i18n.LocaleContextHolder;

/** Tests that recorded English texts of the service are shown in the language of the person. */
final class RecordedTextTest {

    @AfterEach
    void resetLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP status 503 | HTTP 状态码 503",
                "no answer within 10.0 s | 10.0 秒内没有应答",
                "must not be connected to: 10.0.0.1 is private | 服务不允许连接这个地址",
                "script: exact and atomic, and no key name leaves the server" + " | 脚本（计数精确，每步都是原子的，键名不离开服务器）",
                "pipeline: the only method left; script refused: NOPERM no eval; transaction refused: NOPERM no multi"
                        + " | 管道（只剩这种方法；服务器拒绝了脚本（NOPERM no eval）；服务器拒绝了事务（NOPERM no multi））",
                "SSLException: closed | SSLException: closed",
            })
    void of_textOfTheService_isTranslatedWithItsValues_andAnyOtherTextStays(String english, String chinese) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RecordedText.of(english)).isEqualTo(chinese);
    }

    @Test
    void of_inEnglish_returnsTheSameText() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(RecordedText.of("HTTP status 503")).isEqualTo("HTTP status 503");
    }
}
