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
                "10.0.0.1:6379 accepts no connection: Connection refused" + " | 10.0.0.1:6379 不接受连接：Connection refused",
                "a:1 closed the connection before it answered; see the server's log" + " | a:1 在应答前关闭了连接；请查看服务器的日志",
                "a:1 accepts connections but has sent nothing for 5 s: it is not a Redis server, requires TLS"
                        + " (rediss://), or hangs | a:1 接受连接，但 5 秒内没有发送任何内容：它不是 Redis 服务器，或要求 TLS（rediss://），或没有响应",
                "a:1 sent \"HTTP\"; is it another service, or is a proxy in between?"
                        + " | a:1 发送了 \"HTTP\"；它是别的服务，还是中间有代理？",
                "a:1 answered INFO with \"hi\"; is it another service, or is a proxy in between?"
                        + " | a:1 对 INFO 的应答是 \"hi\"；它是别的服务，还是中间有代理？",
                "a:1 is a replica of b:2 (their link is down); only primaries are swept: sweep b:2"
                        + " | a:1 是 b:2（与它的连接已断开） 的副本；只能扫描主节点：请扫描 b:2",
                "a:1 does not allow user bob to run SCAN (NOPERM); allow it with: ACL SETUSER bob +scan +eval"
                        + " | a:1 不允许用户 bob 执行 SCAN；用以下命令允许：ACL SETUSER bob +scan +eval",
                "a:1 requires a password and none is configured (NOAUTH); give it, on the command line with"
                        + " KEYSWEEP_REDIS_PASSWORD or --password | a:1 需要密码，但没有填写密码",
                "a:1 is still loading its data set, 12 % done; try again later | a:1 仍在加载数据；请稍后再试",
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
