package io.keysweep.server.config;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of OpenID Connect, and records a problem if one is missing, or if some are set without an issuer.
 */
final class OidcSettingsReader {

    private static final Set<Setting> NEED_ISSUER = EnumSet.of(
            Setting.OIDC_NAME,
            Setting.OIDC_CLIENT_ID,
            Setting.OIDC_CLIENT_SECRET,
            Setting.OIDC_SCOPES,
            Setting.OIDC_AUDIENCE,
            Setting.OIDC_USER_CLAIM,
            Setting.OIDC_ROLES_CLAIM,
            Setting.OIDC_ROLES,
            Setting.OIDC_ALGORITHMS);

    private final SettingSources sources;
    private final List<String> problems;

    /**
     * Creates a reader.
     *
     * @param sources the values that the operator has set
     * @param problems receives one sentence for each problem
     */
    OidcSettingsReader(SettingSources sources, List<String> problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /** Returns the settings; null if no issuer is set, or if there are problems. */
    @Nullable OidcSettings read() {
        if (!problems.isEmpty()) {
            // A value that was refused would be treated as missing, so the checks below would report false problems.
            return null;
        }

        // Without an issuer, no other setting of OpenID Connect may be set.
        String issuer = sources.value(Setting.OIDC_ISSUER);
        String clientId = sources.value(Setting.OIDC_CLIENT_ID);
        String roles = sources.value(Setting.OIDC_ROLES);
        if (issuer == null) {
            for (Setting setting : NEED_ISSUER) {
                if (sources.value(setting) != null) {
                    problems.add(setting.key + " is set, but oidc.issuer is missing");
                }
            }
            return null;
        }

        if (clientId == null || roles == null) {
            problems.add(
                    "oidc.issuer is set, but " + (clientId == null ? "oidc.client-id" : "oidc.roles") + " is missing");
            return null;
        }
        if (clientId.equals(sources.value(Setting.OIDC_AUDIENCE))) {
            // ID tokens pass through browsers and only identify a person, so they must not open the APIs. Their
            // audience is the client id.
            problems.add("oidc.audience is the same as oidc.client-id, must be another one, which the issuer puts into"
                    + " access tokens only");
            return null;
        }

        return new OidcSettings(
                issuer,
                text(Setting.OIDC_NAME, "OpenID Connect"),
                clientId,
                sources.value(Setting.OIDC_CLIENT_SECRET),
                text(Setting.OIDC_SCOPES, "openid profile"),
                sources.value(Setting.OIDC_AUDIENCE),
                text(Setting.OIDC_USER_CLAIM, "sub"),
                text(Setting.OIDC_ROLES_CLAIM, "groups"),
                OidcSettings.parseRoles(roles),
                new HashSet<>(Setting.parts(text(Setting.OIDC_ALGORITHMS, "RS256"))));
    }

    private String text(Setting setting, String fallback) {
        return Objects.requireNonNullElse(sources.value(setting), fallback);
    }
}
