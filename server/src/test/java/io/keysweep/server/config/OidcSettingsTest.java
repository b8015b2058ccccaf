package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.config.OidcSettings.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the settings of OpenID Connect, and which rights a person gets from the values of a claim. */
class OidcSettingsTest {

    private static final Map<String, String> COMPLETE = Map.of(
            "KEYSWEEP_OIDC_ISSUER", "https://issuer.example/realm",
            "KEYSWEEP_OIDC_CLIENT_ID", "keysweep",
            "KEYSWEEP_OIDC_ROLES", "admins=administrator, dba = operator+night@payments,auditors=viewer@payments");

    @TempDir
    private Path home;

    @Test
    void rights_ofSeveralValues_areThePoliciesOfTheFirstProjectThatFits() {
        OidcSettings settings = load(COMPLETE);

        // "dba" is mapped before "auditors". Both belong to the project payments, so their policies add up.
        assertThat(settings.rights(Set.of("auditors", "dba")))
                .hasValue(new Mapping("dba", List.of("operator", "night", "viewer"), "payments"));

        // "admins" is mapped first, to a different project than "auditors".
        assertThat(settings.rights(Set.of("auditors", "admins")))
                .hasValue(new Mapping("admins", List.of("administrator"), "default"));

        // Values without a mapping give no rights. A value with other capitals is another value.
        assertThat(settings.rights(Set.of("Admins", "x"))).isEmpty();
        assertThat(settings.mappedValues(List.of("x", "dba", "admins"))).containsExactly("admins", "dba");
    }

    @Test
    void settings_thatAreLeftOut_haveSafeDefaults() {
        OidcSettings settings = load(COMPLETE);
        assertThat(settings.algorithms()).containsExactly("RS256");
        assertThat(settings.audience()).isNull();
        assertThat(settings.clientSecret()).isNull();
        assertThat(settings.userClaim()).isEqualTo("sub");
        assertThat(settings.scopes()).isEqualTo("openid profile");

        // Without an issuer, there is no OpenID Connect.
        assertThat(SettingsLoader.load(List.of(), Map.of("KEYSWEEP_HOME", home.toString()))
                        .oidc())
                .isNull();
    }

    @Test
    void roles_ofAYamlFile_canBeAMap() throws Exception {
        Files.writeString(home.resolve("keysweep.yaml"), """
                oidc:
                  issuer: http://127.0.0.1:9000/realm
                  client-id: keysweep
                  client-secret: hidden
                  roles:
                    dba: [operator, night@payments]
                    admins: administrator
                """);
        OidcSettings settings = load(Map.of());
        assertThat(settings.roles())
                .containsExactly(
                        new Mapping("dba", List.of("operator", "night"), "payments"),
                        new Mapping("admins", List.of("administrator"), "default"));
        assertThat(settings.toString()).doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KEYSWEEP_OIDC_ISSUER=http://issuer.example",
                "KEYSWEEP_OIDC_ISSUER=https://issuer.example?x",
                "KEYSWEEP_OIDC_ROLES=admins",
                "KEYSWEEP_OIDC_ROLES=admins=Administrator",
                "KEYSWEEP_OIDC_ROLES==viewer",
                "KEYSWEEP_OIDC_ALGORITHMS=none",
                "KEYSWEEP_OIDC_ALGORITHMS=RS256,HS256",
                "KEYSWEEP_OIDC_SCOPES=profile",
                "KEYSWEEP_OIDC_AUDIENCE=keysweep"
            })
    void setting_withABadValue_isRefusedWithItsRule(String variable) {
        Map<String, String> variables = new HashMap<>(COMPLETE);
        int equals = variable.indexOf('=');
        variables.put(variable.substring(0, equals), variable.substring(equals + 1));

        assertThatThrownBy(() -> load(variables)).hasMessageContaining("oidc.").hasMessageContaining("must be");
    }

    @Test
    void settings_withoutIssuerOrClientId_areRefused() {
        assertThatThrownBy(() -> load(Map.of("KEYSWEEP_OIDC_CLIENT_SECRET", "hidden")))
                .hasMessageContaining("oidc.client-secret is set, but oidc.issuer is missing")
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> load(Map.of("KEYSWEEP_OIDC_ISSUER", "https://issuer.example")))
                .hasMessageContaining("oidc.client-id is missing");
    }

    private OidcSettings load(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", home.toString());
        return Objects.requireNonNull(
                SettingsLoader.load(List.of(), environment).oidc());
    }
}
