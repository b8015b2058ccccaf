package io.keysweep.cli.contexts;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds one entry of the file of contexts: a service with the access key that signs requests to it.
 *
 * @param name name by which the user chooses the context
 * @param endpoint URL of the service
 * @param projectId project of the access key
 * @param accessKey access key id (AK)
 * @param secretKey secret access key (SK)
 * @param ca path of the PEM file with the authorities to trust; null for the authorities that Java trusts
 * @param certificate path of the PEM file with the client certificate; null for none
 * @param key path of the PEM file with the private key of the client certificate; null for none
 */
public record SavedContext(
        String name,
        String endpoint,
        String projectId,
        String accessKey,
        String secretKey,
        @Nullable String ca,
        @Nullable String certificate,
        @Nullable String key) {

    public SavedContext {
        // A file that a person has edited may lack a field; the JSON library passes null for it.
        requireText(name, "name");
        requireText(endpoint, "endpoint");
        requireText(projectId, "projectId");
        requireText(accessKey, "accessKey");
        requireText(secretKey, "secretKey");
    }

    private static void requireText(String value, String field) {
        if (Objects.requireNonNull(value, field).isBlank()) {
            throw new IllegalArgumentException(field + " is blank");
        }
    }

    /** Returns a text without the secret key. */
    @Override
    public String toString() {
        return "SavedContext[name=" + name + ", endpoint=" + endpoint + "]";
    }
}
