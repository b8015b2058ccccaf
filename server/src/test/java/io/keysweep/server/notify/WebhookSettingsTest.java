package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests which webhook documents are accepted, and how a broken rule is reported. */
class WebhookSettingsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void read_ofAUrlAlone_setsAllEvents_andAnHourForHolds() {
        WebhookSettings settings = read("{\"url\":\"https://example.com:8443/a/b?c=d\"}");
        assertThat(settings.url()).hasToString("https://example.com:8443/a/b?c=d");
        assertThat(settings.events()).isEqualTo(NoticeType.EVENTS);
        assertThat(settings.heldThreshold()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.enabled()).isTrue();
    }

    @Test
    void read_ofAllFields_setsTheirValues() {
        WebhookSettings settings = read("{\"url\":\"http://[::1]/\",\"events\":[\"scan.failed\",\"threshold.passed\"],"
                + "\"heldMinutes\":5,\"enabled\":false}");
        assertThat(settings.events()).containsExactlyInAnyOrder(NoticeType.SCAN_FAILED, NoticeType.THRESHOLD_PASSED);
        assertThat(settings.heldThreshold()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | url is missing, must be http(s)://HOST",
                "{\"url\":5} | url is '5', must be http(s)://HOST",
                "{\"url\":\"a b\"} | url is not a URL, must be http(s)://HOST",
                "{\"url\":\"ftp://h/\"} | url has a scheme other than http and https, must be http(s)://HOST",
                "{\"url\":\"/path\"} | url has a scheme other than http and https",
                "{\"url\":\"//host/x\"} | url has a scheme other than http and https",
                "{\"url\":\"http:host\"} | url has no valid host or port",
                "{\"url\":\"mailto:a@h\"} | url has a scheme other than http and https",
                "{\"url\":\"http://h:0/\"} | url has no valid host or port",
                "{\"url\":\"http:///path\"} | url has no valid host or port",
                "{\"url\":\"http://h:99999/\"} | url has no valid host or port",
                "{\"url\":\"http://169.254.169.254/\"}"
                        + " | url leads to a host that the service may not connect to: 169.254.169.254"
                        + " is the metadata service",
                "{\"url\":\"http://[::ffff:a9fe:a9fe]/\"}"
                        + " | url leads to a host that the service may not connect to: 169.254.169.254 is the metadata",
                "{\"url\":\"https://[64:ff9b::100.100.100.200]/\"}"
                        + " | stands for 100.100.100.200 is the metadata service",
                "{\"url\":\"http://[fe80::1]/\"} | which egress.denied-networks contains",
                "{\"url\":\"http://2852039166/\"} | url has no valid host or port",
                "{\"url\":\"http://0xa9fea9fe/\"} | url has no valid host or port",
                "{\"url\":\"http://0251.254.169.254/\"} | url has no valid host or port",
                "{\"url\":\"http://0.0.0.0/\"} | url has no valid host or port",
                "{\"url\":\"http://h/\",\"events\":[\"ping\"]}"
                        + " | events[0] is 'ping', must be one of scan.finished, scan.failed,",
                "{\"url\":\"http://h/\",\"events\":\"scan.held\"}"
                        + " | events is 'scan.held', must be a list of at most 5 texts",
                "{\"url\":\"http://h/\",\"heldMinutes\":0}"
                        + " | heldMinutes is '0', must be a whole number from 1 to 43200",
                "{\"url\":\"http://h/\",\"enabled\":\"yes\"} | enabled is 'yes', must be true or false",
                "{\"url\":\"http://h/\",\"secret\":\"x\"}"
                        + " | secret is unknown; known are enabled, events, heldMinutes, url",
            })
    void read_ofADocumentThatBreaksARule_isRefused_withFieldValueAndRule(String document, String message) {
        assertThatThrownBy(() -> read(document))
                .isInstanceOf(RequestRefusedException.class)
                .hasMessageContaining(message);
    }

    @Test
    void read_ofAUrlWithAPassword_isRefused_withoutShowingThePassword() {
        assertThatThrownBy(() -> read("{\"url\":\"https://user:s3cret@h/\"}"))
                .hasMessageContaining("url contains a user or a fragment")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void read_ofAUrlThatIsTooLong_isRefused_withItsLength() {
        String url = "https://h/" + "x".repeat(2_000);
        assertThatThrownBy(() -> read("{\"url\":\"" + url + "\"}"))
                .hasMessageContaining("url has " + url.length() + " characters");
    }

    private static WebhookSettings read(String document) {
        return WebhookSettings.read(JSON.readTree(document), EgressPolicy.SERVICE);
    }
}
