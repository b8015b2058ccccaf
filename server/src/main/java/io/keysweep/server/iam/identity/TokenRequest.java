package io.keysweep.server.iam.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the body of {@code POST /v3/auth/tokens}: the credentials of the client, and what the token is for.
 *
 * <p>Clients send the credentials by one of four methods. With {@code hw_ak_sk} of Huawei Cloud and {@code
 * application_credential} of OpenStack, they are an access key and its secret key. With {@code password} of OpenStack,
 * they are an access key and its secret key, or the name of a user and the password. With {@code token}, they are an
 * earlier token. A part that the client leaves out is null. Other fields are ignored.
 */
record TokenRequest(@Nullable Auth auth) {

    /** Contains everything in the body: the credentials, and the project or domain that the token is for. */
    record Auth(@Nullable TokenIdentity identity, @Nullable TokenScope scope) {}

    /** Contains the credentials of one method; the fields of the other methods are null. */
    record TokenIdentity(
            @JsonProperty("hw_ak_sk") @Nullable KeyPair keyPair,

            @JsonProperty("application_credential") @Nullable ApplicationCredential applicationCredential,

            @Nullable Password password,
            @Nullable TokenReference token) {}

    /** Contains an access key and its secret key, in the method {@code hw_ak_sk}. */
    record KeyPair(@Nullable KeyText access, @Nullable KeyText secret) {}

    /** Contains an access key or a secret key as {@code key}. */
    record KeyText(@Nullable String key) {}

    /** Contains an access key as {@code id} and its secret key as {@code secret}. */
    record ApplicationCredential(
            @Nullable String id, @Nullable String secret) {}

    /** Contains the user of the method {@code password}. */
    record Password(@Nullable User user) {}

    /** Contains a user or an access key as {@code name} or {@code id}, and its secret as {@code password}. */
    record User(
            @Nullable String id,
            @Nullable String name,
            @Nullable String password) {}

    /** Contains the text of a token as {@code id}. */
    record TokenReference(@Nullable String id) {}

    /**
     * Contains the project or the domain that the token is for.
     *
     * @param unscoped not null if the token is for neither of them; clients of OpenStack send the text {@code
     *     "unscoped"} instead of the whole scope
     */
    record TokenScope(
            @Nullable Reference project,
            @Nullable Reference domain,
            @Nullable Object unscoped) {

        private static final String UNSCOPED = "unscoped";

        @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
        TokenScope {}

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static TokenScope ofText(String text) {
            if (!text.equals(UNSCOPED)) {
                throw new IllegalArgumentException("The only text of a scope is " + UNSCOPED);
            }
            return new TokenScope(/* project= */ null, /* domain= */ null, UNSCOPED);
        }
    }

    /**
     * Lists what a token can be for. Only the document differs, because each token acts for the project of its caller.
     */
    enum Target {
        /** The token is for the project of the caller. */
        PROJECT,
        /** The token is for the domain, to which all projects belong. */
        DOMAIN,
        /** The token is unscoped, that is, for neither of them. */
        NONE
    }

    /** Identifies a project or domain by its id, its name or both. */
    record Reference(@Nullable String id, @Nullable String name) {}

    /**
     * Holds the credentials of a request.
     *
     * @param method method by which the client has sent the credentials, such as {@code hw_ak_sk}
     * @param accessKey access key id or name of a user
     * @param secretKey secret key or password
     */
    record TokenCredentials(String method, String accessKey, String secretKey) {

        private static final String PASSWORD = "password";

        /** Returns whether the client has used the method {@code password}, which takes secret keys and passwords. */
        boolean isPassword() {
            return method.equals(PASSWORD);
        }

        /** Returns a text for logs, without the secret key. */
        @Override
        public String toString() {
            return "Credentials[method=" + method + ", accessKey=" + accessKey + "]";
        }
    }

    /**
     * Returns the name and the secret; empty if the name or the secret is missing. If the body has several methods,
     * only the first in this order is read: {@code hw_ak_sk}, {@code application_credential}, {@code password}.
     */
    Optional<TokenCredentials> credentials() {
        if (auth == null || auth.identity() == null) {
            return Optional.empty();
        }
        TokenIdentity identity = auth.identity();
        if (identity.keyPair() != null) {
            return credentials(
                    "hw_ak_sk",
                    key(identity.keyPair().access()),
                    key(identity.keyPair().secret()));
        }
        if (identity.applicationCredential() != null) {
            return credentials(
                    "application_credential",
                    identity.applicationCredential().id(),
                    identity.applicationCredential().secret());
        }
        if (identity.password() != null && identity.password().user() != null) {
            User user = identity.password().user();
            return credentials(
                    TokenCredentials.PASSWORD, user.name() == null ? user.id() : user.name(), user.password());
        }
        return Optional.empty();
    }

    /** Returns the token that the client wants to exchange for another; empty if it sends none. */
    Optional<String> token() {
        return Optional.ofNullable(auth)
                .map(Auth::identity)
                .map(TokenIdentity::token)
                .map(TokenReference::id);
    }

    /** Returns the project of the token; empty if the client names none. */
    Optional<Reference> project() {
        return Optional.ofNullable(auth).map(Auth::scope).map(TokenScope::project);
    }

    /** Returns what the token is for: the project, unless the scope has no project but a domain or "unscoped". */
    Target target() {
        TokenScope scope = auth == null ? null : auth.scope();
        if (scope == null || scope.project() != null) {
            return Target.PROJECT;
        }
        if (scope.domain() != null) {
            return Target.DOMAIN;
        }
        return scope.unscoped() == null ? Target.PROJECT : Target.NONE;
    }

    private static Optional<TokenCredentials> credentials(
            String method, @Nullable String accessKey, @Nullable String secretKey) {
        return accessKey == null || secretKey == null
                ? Optional.empty()
                : Optional.of(new TokenCredentials(method, accessKey, secretKey));
    }

    private static @Nullable String key(@Nullable KeyText part) {
        return part == null ? null : part.key();
    }

    /** Returns a text for logs, without the secrets that the body contains. */
    @Override
    public String toString() {
        return "TokenRequest[hidden]";
    }
}
