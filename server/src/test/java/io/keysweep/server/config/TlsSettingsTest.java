package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.server.config.TlsSettings.ClientCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which combinations of TLS settings are accepted, and when the service may use plain HTTP. */
class TlsSettingsTest {

    @TempDir
    private Path home;

    @BeforeEach
    void createFiles() throws IOException {
        for (String name : List.of("c.pem", "k.pem", "ca.pem", "s.p12")) {
            Files.writeString(home.resolve(name), "");
        }
        Files.writeString(home.resolve("password"), "secret \n");
    }

    @Test
    void load_ofACertificateAndClientAuthorities_requiresClientCertificates() {
        assertThat(load("TLS_CERTIFICATE=c.pem", "TLS_KEY=k.pem", "TLS_CLIENT_CA=ca.pem", "TLS_PASSWORD_FILE=password")
                        .tls())
                .isEqualTo(new TlsSettings(
                        /* certificate= */ home.resolve("c.pem"),
                        /* key= */ home.resolve("k.pem"),
                        /* keystore= */ null,
                        /* password= */ "secret ",
                        /* clientAuthorities= */ home.resolve("ca.pem"),
                        ClientCertificates.REQUIRED));
    }

    @Test
    void load_withClientAuthWanted_doesNotRequireClientCertificates() {
        TlsSettings tls = load("TLS_KEYSTORE=s.p12", "TLS_PASSWORD=pw", "TLS_CLIENT_CA=s.p12", "TLS_CLIENT_AUTH=wanted")
                .tls();
        assertThat(tls)
                .isEqualTo(new TlsSettings(
                        /* certificate= */ null,
                        /* key= */ null,
                        /* keystore= */ home.resolve("s.p12"),
                        /* password= */ "pw",
                        /* clientAuthorities= */ home.resolve("s.p12"),
                        ClientCertificates.WANTED));
        assertThat(String.valueOf(tls)).doesNotContain("pw");
    }

    /** Each row has variables without their beginning {@code KEYSWEEP_SERVER_}, and a part of the reported problem. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
        TLS_CERTIFICATE=c.pem | server.tls.key must be set
        TLS_KEY=k.pem | server.tls.key is set, so server.tls.certificate or server.tls.keystore must be set
        TLS_CLIENT_CA=ca.pem | server.tls.client-ca is set, so
        TLS_CERTIFICATE=c.pem TLS_KEY=none.pem | 'none.pem', must be the path of a PEM file; there is no
        TLS_CERTIFICATE=c.pem TLS_KEY=. | server.tls.key is '.', must be
        TLS_CERTIFICATE=c.pem TLS_KEY=k.pem TLS_KEYSTORE=s.p12 TLS_PASSWORD=p | must not be set
        TLS_KEYSTORE=s.p12 | server.tls.password or server.tls.password-file must be set
        TLS_KEYSTORE=s.p12 TLS_PASSWORD=p TLS_PASSWORD_FILE=password | server.tls.password-file must not be set
        TLS_CERTIFICATE=c.pem TLS_KEY=k.pem TLS_CLIENT_AUTH=wanted | server.tls.client-ca must be set
        TLS_CERTIFICATE=c.pem TLS_KEY=k.pem TLS_CLIENT_AUTH=maybe | must be wanted or required
        ALLOW_PLAIN_HTTP=yes | server.allow-plain-http (variable KEYSWEEP_SERVER_ALLOW_PLAIN_HTTP) is 'yes'
        ADDRESS=0.0.0.0 | server.address is '0.0.0.0', must be a loopback address
        ADDRESS=:: | server.address is '::', must be a loopback address
        ADDRESS=192.0.2.1 | server.allow-plain-http: true
        """)
    void load_ofAnInvalidCombinationOfSettings_isRefused(String variables, String problem) {
        InvalidSettingsException thrown =
                catchThrowableOfType(InvalidSettingsException.class, () -> load(variables.split(" ", -1)));
        assertThat(thrown.problems()).singleElement().asString().contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.0.1", "::1", "localhost"})
    void load_ofPlainHttpOnLoopback_isAllowed(String address) {
        assertThat(load("ADDRESS=" + address).tls()).isNull();
    }

    @Test
    void load_ofPlainHttpOnAllAddresses_isAllowedByASetting() {
        assertThat(load("ADDRESS=0.0.0.0", "ALLOW_PLAIN_HTTP=true").address()).isEqualTo("0.0.0.0");
    }

    @Test
    void load_ofPlainMetricsOnAllAddresses_isRefusedIfMetricsHaveAPort() {
        Map<String, String> variables = new HashMap<>(Map.of("KEYSWEEP_METRICS_ADDRESS", "0.0.0.0"));
        assertThat(load(variables).tls()).isNull();

        // The metrics would be readable for others.
        variables.put("KEYSWEEP_METRICS_PORT", "9");
        assertThat(catchThrowableOfType(InvalidSettingsException.class, () -> load(variables))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("metrics.address is '0.0.0.0', must be a loopback address");

        // A worker has no other port, so its server.address does not matter.
        variables.putAll(Map.of(
                "KEYSWEEP_ROLES", "worker",
                "KEYSWEEP_DATABASE_URL", "jdbc:postgresql://db/keysweep",
                "KEYSWEEP_SERVER_ADDRESS", "0.0.0.0",
                "KEYSWEEP_METRICS_ADDRESS", "127.0.0.1"));
        assertThat(load(variables).tls()).isNull();
    }

    private ServiceSettings load(String... variables) {
        Map<String, String> environment = new HashMap<>();
        Arrays.stream(variables)
                .map(variable -> variable.split("=", 2))
                .forEach(variable -> environment.put("KEYSWEEP_SERVER_" + variable[0], variable[1]));
        return load(environment);
    }

    private ServiceSettings load(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", home.toString());
        return SettingsLoader.load(List.of(), environment);
    }
}
