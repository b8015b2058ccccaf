package io.keysweep.server.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Contains the settings of OpenID Connect, by which people sign in at an issuer and not with a password of the service.
 *
 * @param issuer URL of the issuer, exactly as its tokens name it
 * @param name name of the issuer on the button of the sign-in page; default {@code OpenID Connect}
 * @param clientId id under which the issuer knows the service
 * @param clientSecret secret of the client; null for a public client, which PKCE alone protects
 * @param scopes scopes that a sign-in requests, separated by spaces; default {@code openid profile}
 * @param audience audience that bearer tokens of the APIs must name; null if the APIs accept none (default)
 * @param userClaim claim that names the person; default {@code sub}
 * @param rolesClaim claim whose values decide what a person may do; a dot leads to a nested claim; default {@code
 *     groups}
 * @param roles rights for values of that claim, in the order of the setting
 * @param algorithms signature algorithms that are accepted; default {@code RS256}
 */
public record OidcSettings(
        String issuer,
        String name,
        String clientId,
        @Nullable String clientSecret,
        String scopes,
        @Nullable String audience,
        String userClaim,
        String rolesClaim,
        List<Mapping> roles,
        Set<String> algorithms) {

    /** The project of a mapping that names none. The first start of the service has created it. */
    static final String DEFAULT_PROJECT = "default";

    public OidcSettings {
        roles = List.copyOf(roles);
        algorithms = Set.copyOf(algorithms);
    }

    /**
     * Contains the rights for one value of the claim.
     *
     * @param value value of the claim
     * @param policies names of built-in roles and of policies of the project
     * @param project name or id of the project
     */
    public record Mapping(String value, List<String> policies, String project) {

        public Mapping {
            policies = List.copyOf(policies);
        }

        /**
         * Parses {@code VALUE=POLICY+POLICY@PROJECT}. The project can be left out, and the value can contain {@code =}.
         *
         * @throws IllegalArgumentException if the text has another form
         */
        static Mapping parse(String text) {
            int equals = text.lastIndexOf('=');
            String value = equals < 0 ? "" : text.substring(0, equals).strip();
            String rights = text.substring(equals + 1);
            int at = rights.indexOf('@');
            String project = at < 0 ? DEFAULT_PROJECT : rights.substring(at + 1).strip();
            List<String> policies = new ArrayList<>();
            for (String policy : (at < 0 ? rights : rights.substring(0, at)).split("\\+", -1)) {
                policies.add(policy.strip());
            }
            boolean isValid = value.matches("[^\\p{Cntrl}]{1,200}")
                    && !project.isEmpty()
                    && policies.stream().allMatch(policy -> policy.matches("[a-z][a-z0-9._-]{0,63}"));
            if (!isValid) {
                throw new IllegalArgumentException(text);
            }
            return new Mapping(value, policies, project);
        }
    }

    /** Parses mappings that are separated by commas. */
    static List<Mapping> parseRoles(String text) {
        return Setting.parts(text).stream().map(Mapping::parse).toList();
    }

    /**
     * Returns the values of a person's claim that give the person rights, because {@link #roles} names them.
     */
    public List<String> mappedValues(Collection<String> values) {
        return roles.stream()
                .map(Mapping::value)
                .filter(values::contains)
                .distinct()
                .toList();
    }

    /**
     * Returns the rights for the values of a person's claim; empty if no mapping fits. The first mapping that fits
     * decides for which project the person acts. Further mappings that fit add their policies if they are for the same
     * project.
     */
    public Optional<Mapping> rights(Collection<String> values) {
        List<Mapping> fittingMappings =
                roles.stream().filter(role -> values.contains(role.value())).toList();
        if (fittingMappings.isEmpty()) {
            return Optional.empty();
        }
        Mapping firstMapping = fittingMappings.getFirst();
        List<String> policies = fittingMappings.stream()
                .filter(role -> role.project().equals(firstMapping.project()))
                .flatMap(role -> role.policies().stream())
                .distinct()
                .toList();
        return Optional.of(new Mapping(firstMapping.value(), policies, firstMapping.project()));
    }

    /** Returns whether the issuer is on this machine, so that it may speak plain HTTP. */
    public boolean isLoopback() {
        return isLoopback(URI.create(issuer));
    }

    static boolean isLoopback(URI issuer) {
        String host = issuer.getHost();
        return host != null && host.matches("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    }

    /** Returns a text for logs, without the secret of the client. */
    @Override
    public String toString() {
        return "OidcSettings[issuer=" + issuer + ", clientId=" + clientId + "]";
    }
}
