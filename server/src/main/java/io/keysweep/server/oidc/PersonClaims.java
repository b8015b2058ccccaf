package io.keysweep.server.oidc;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.OidcPerson;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the name and the groups of a person from the claims of a verified token. */
final class PersonClaims {

    private PersonClaims() {}

    /**
     * Returns the person whom a token identifies.
     *
     * @param claims the claims of the token by name
     * @throws RequestRefusedException if the claim for the name is missing, too long or not printable
     */
    static OidcPerson person(Map<String, Object> claims, OidcSettings settings) {
        if (!(claim(claims, settings.userClaim()) instanceof String name)
                || name.isEmpty()
                || name.length() > OidcPerson.MAX_NAME
                || !name.equals(name.strip())
                || !ForeignText.isPrintable(name)) {
            throw RequestRefusedException.of(
                    ErrorCode.NOT_MAPPED,
                    Phrase.of(
                            "The claim '{0}' must be a text of 1 to {1} printable characters: the setting"
                                    + " oidc.user-claim can name another claim.",
                            settings.userClaim(), OidcPerson.MAX_NAME));
        }
        return new OidcPerson(name, settings.mappedValues(texts(claim(claims, settings.rolesClaim()))));
    }

    /**
     * Returns the value of a claim; null if there is none. A name such as {@code a.b} stands for the claim {@code b}
     * within the claim {@code a}, unless a claim has the whole name.
     */
    private static @Nullable Object claim(Map<?, ?> claims, String name) {
        int dot = name.indexOf('.');
        if (claims.containsKey(name) || dot < 0) {
            return claims.get(name);
        }
        return claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
                ? claim(inner, name.substring(dot + 1))
                : null;
    }

    /** Returns the texts in a value that is a text or a list; an empty list for any other value. */
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
