package io.keysweep.server.oidc;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.OidcPerson;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the person from the claims of a verified token. */
final class PersonClaims {

    private PersonClaims() {}

    /**
     * Returns the person.
     *
     * @throws RequestRefusedException if the claim for the name is missing, or is not a name
     */
    static OidcPerson person(Map<String, Object> claims, OidcSettings settings) {
        if (!(claim(claims, settings.userClaim()) instanceof String name)
                || name.isEmpty()
                || name.length() > OidcPerson.MAX_NAME
                || !name.equals(name.strip())
                || !ForeignText.isPrintable(name)) {
            throw RequestRefusedException.of(
                    ErrorCode.NOT_MAPPED,
                    "The claim '" + settings.userClaim() + "' must be a text of 1 to " + OidcPerson.MAX_NAME
                            + " printable characters: the setting oidc.user-claim can name another claim.");
        }
        return new OidcPerson(name, settings.mappedValues(texts(claim(claims, settings.rolesClaim()))));
    }

    /** Returns the value of a claim. The dots of a name lead to a claim within others, unless a claim has that name. */
    private static @Nullable Object claim(Map<?, ?> claims, String name) {
        int dot = name.indexOf('.');
        if (claims.containsKey(name) || dot < 0) {
            return claims.get(name);
        }
        return claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
                ? claim(inner, name.substring(dot + 1))
                : null;
    }

    /** Returns a text or the texts of a list; none for any other value. */
    private static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case String text -> List.of(text);
            case Collection<?> values ->
                values.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }
}
